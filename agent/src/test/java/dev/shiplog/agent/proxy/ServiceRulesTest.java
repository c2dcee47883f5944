package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.service;
import static dev.shiplog.agent.proxy.Clusters.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.TableSource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that follow a cluster say what rules made from scratch would say. */
final class ServiceRulesTest {

  private static final ProxySettings SETTINGS =
      new ProxySettings("node-1", "10.197.0.0/16", List.of("10.197.96.0/20"), "services");
  private static final int STEPS = 60;

  private final ServiceRules rules = new ServiceRules(SETTINGS);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void stepByStepTheTableIsTheOneMadeFromScratch(long seed) {
    var cluster = new RandomCluster(seed);
    NftTable before = WholeRules.table(ServiceView.EMPTY, SETTINGS);
    for (int i = 0; i < STEPS; i++) {
      ServiceView view = cluster.next();
      NftTable fromScratch = WholeRules.table(view, SETTINGS);

      TableSource.Step step = rules.step(view);

      assertThat(step.whole()).as("whole table of step %d", i).isEqualTo(fromScratch);
      assertThat(step.change())
          .as("change of step %d", i)
          .isEqualTo(NftScript.change(before, fromScratch));
      before = fromScratch;
    }
  }

  @Test
  void aChangeOfOneServiceSaysNothingOfOthers() {
    Service other = service("other", "10.96.0.20", "TCP", 80).build();
    EndpointSlice endpoints = ready("other", "TCP", 8080, "10.244.0.9");
    var _ = rules.step(view(List.of(web("10.96.0.10").build(), other), endpoints));

    String change =
        rules
            .step(
                view(
                    List.of(web("10.96.0.10").build(), other),
                    endpoints,
                    ready("web", "TCP", 8080, "10.244.0.1")))
            .change();

    assertThat(change).contains("default/web", "10.244.0.1").doesNotContain("other", "10.244.0.9");
  }

  @Test
  void aNewVersionThatChangesNothingForThePacketFilterIsNoChange() {
    var _ = rules.step(view(List.of(web("10.96.0.10").build())));
    Service labelled =
        web("10.96.0.10").editMetadata().addToLabels("tier", "front").endMetadata().build();

    assertThat(rules.step(view(List.of(labelled))).change()).isEmpty();
  }

  @Test
  void anAddressGoesToTheNextThatClaimsItWhenItsServiceGoes() {
    Service a = service("a", "10.96.0.10", "TCP", 80).build();
    Service b = service("b", "10.96.0.10", "TCP", 80).build();
    EndpointSlice ofA = ready("a", "TCP", 8080, "10.244.0.1");
    EndpointSlice ofB = ready("b", "TCP", 8080, "10.244.0.1");
    var _ = rules.step(view(List.of(a, b), ofA, ofB));

    String change = rules.step(view(List.of(b), ofA, ofB)).change();

    assertThat(change)
        .contains("10.96.0.10 . tcp . 80 : goto service/default/b/tcp/80")
        .doesNotContain("cluster-ips", "hairpins");
  }

  @Test
  void afterAFailureEverythingIsMadeAgain() {
    Service good = web("10.96.0.10").build();
    EndpointSlice endpoints = ready("web", "TCP", 8080, "10.244.0.1");
    var _ = rules.step(view(List.of(good), endpoints));
    Service broken = new ServiceBuilder(good).editMetadata().withName("x").endMetadata().build();
    broken.getSpec().getPorts().getFirst().setPort(null);
    assertThatThrownBy(() -> rules.step(view(List.of(good, broken), endpoints)))
        .isInstanceOf(NullPointerException.class);

    ServiceView repaired = view(List.of(good), endpoints);

    assertThat(rules.step(repaired).whole()).isEqualTo(WholeRules.table(repaired, SETTINGS));
  }

  private static ServiceView view(List<Service> services, EndpointSlice... slices) {
    return Clusters.view(services, List.of(slices));
  }
}
