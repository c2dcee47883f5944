package dev.shiplog.streams.controllers.namespace;

import static dev.shiplog.streams.kit.ResourceTypes.CONFIG_MAPS;
import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.EVENTS;
import static dev.shiplog.streams.kit.ResourceTypes.NAMESPACES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICE_ACCOUNTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.Kubelets;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.controllers.serviceaccount.RootCaPublisher;
import dev.shiplog.streams.controllers.serviceaccount.ServiceAccountController;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.ClosedLoop;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceLoopTest {

  private static final List<ResourceType<?>> ALL =
      List.of(NAMESPACES, DEPLOYMENTS, REPLICA_SETS, PODS, CONFIG_MAPS, SERVICE_ACCOUNTS, EVENTS);

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private ClosedLoop loop;

  @AfterEach
  void noControllerThrew() {
    faults.assertNone();
  }

  @Test
  void everyNamespaceGetsItsDefaultAccountAndTheAuthority() {
    start(1);

    assertThat(loop.server().get(SERVICE_ACCOUNTS, "ns/default")).isPresent();
    assertThat(loop.server().get(CONFIG_MAPS, "ns/kube-root-ca.crt").orElseThrow().getData())
        .containsEntry("ca.crt", "PEM");
  }

  @Test
  void bothComeBackWhenTheyAreDeletedOrChanged() {
    start(2);
    loop.server().delete(SERVICE_ACCOUNTS, "ns/default", "Background");
    loop.server()
        .edit(CONFIG_MAPS, "ns/kube-root-ca.crt", map -> map.setData(Map.of("other", "x")));

    loop.settle();

    assertThat(loop.server().get(SERVICE_ACCOUNTS, "ns/default")).isPresent();
    assertThat(loop.server().get(CONFIG_MAPS, "ns/kube-root-ca.crt").orElseThrow().getData())
        .containsOnly(Map.entry("ca.crt", "PEM"));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void aDeletedNamespaceIsEmptiedAndGoesLast(long seed) {
    start(seed);
    loop.server().create(DEPLOYMENTS, Objects.deployment("web", 5));
    loop.settle();
    loop.server().afterCommit(record -> nothingOutlivesTheNamespace());

    loop.server().delete(NAMESPACES, "ns", "Background");
    loop.settle();

    assertThat(loop.server().get(NAMESPACES, "ns")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void aDeletedNamespaceIsEmptiedThroughCrashes(long seed) {
    start(seed);
    loop.server().create(DEPLOYMENTS, Objects.deployment("web", 5));
    loop.settle();
    loop.server().afterCommit(record -> nothingOutlivesTheNamespace());

    loop.server().delete(NAMESPACES, "ns", "Background");
    for (int crashes = 0; crashes < 5; crashes++) {
      for (int steps = 0; steps < 20; steps++) {
        loop.step();
      }
      loop.crash();
    }
    loop.settle();

    assertThat(loop.server().get(NAMESPACES, "ns")).isEmpty();
  }

  @Test
  void anObjectWithAFinalizerHoldsItsNamespace() {
    start(31);
    loop.server()
        .create(
            CONFIG_MAPS,
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("held")
                .addToFinalizers("example.com/hold")
                .endMetadata()
                .build());
    loop.server().delete(NAMESPACES, "ns", "Background");
    loop.settle();
    assertThat(loop.server().get(NAMESPACES, "ns")).isPresent();

    loop.server().edit(CONFIG_MAPS, "ns/held", map -> map.getMetadata().setFinalizers(List.of()));
    loop.settle();

    assertThat(loop.server().get(NAMESPACES, "ns")).isEmpty();
  }

  @Test
  void podsGoBeforeWhatTheyRelyOn() {
    start(41);
    loop.server().create(DEPLOYMENTS, Objects.deployment("web", 1));
    loop.settle();
    String pod = "ns/" + loop.server().list(PODS).getFirst().getMetadata().getName();
    loop.server().edit(PODS, pod, held -> held.getMetadata().setFinalizers(List.of("a.b/hold")));

    loop.server().delete(NAMESPACES, "ns", "Background");
    loop.settle();

    assertThat(loop.server().get(PODS, pod).orElseThrow().getMetadata().getDeletionTimestamp())
        .isNotNull();
    assertThat(loop.server().get(SERVICE_ACCOUNTS, "ns/default")).isPresent();
    loop.server().edit(PODS, pod, freed -> freed.getMetadata().setFinalizers(List.of()));
    loop.settle();
    assertThat(loop.server().get(NAMESPACES, "ns")).isEmpty();
  }

  private void nothingOutlivesTheNamespace() {
    if (loop.server().get(NAMESPACES, "ns").isEmpty()) {
      for (ResourceType<?> type : ALL) {
        assertThat(loop.server().list(type)).isEmpty();
      }
    }
  }

  private void start(long seed) {
    loop =
        new ClosedLoop(
            () ->
                new ControllerCore(
                    "controllers",
                    List.of(
                        new DeploymentController(),
                        new ReplicaSetController(),
                        new ServiceAccountController(),
                        new RootCaPublisher("PEM"),
                        new NamespaceController(ALL)),
                    new Random(seed),
                    faults),
            List.of(),
            seed);
    loop.add(new Kubelets());
    loop.server()
        .create(
            NAMESPACES,
            new NamespaceBuilder().withNewMetadata().withName("ns").endMetadata().build());
    loop.settle();
  }
}
