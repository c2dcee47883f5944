package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.NODE;
import static dev.shiplog.agent.proxy.Clusters.endpoint;
import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.slice;
import static dev.shiplog.agent.proxy.Clusters.view;
import static dev.shiplog.agent.proxy.Clusters.web;
import static dev.shiplog.agent.proxy.Clusters.withNodePort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleSetCompilerTest {

  private static final String VIP = "10.96.0.10";
  private static final Endpoint FIRST = new Endpoint("10.244.0.1", 8080);
  private static final Endpoint SECOND = new Endpoint("10.244.0.2", 8080);

  private static List<ServicePortRule> compile(Service service, EndpointSlice... slices) {
    return WholeRules.compile(view(List.of(service), List.of(slices)), NODE);
  }

  private static ServicePortRule only(Service service, EndpointSlice... slices) {
    List<ServicePortRule> rules = compile(service, slices);
    assertThat(rules).hasSize(1);
    return rules.getFirst();
  }

  private static EndpointSlice slices(
      io.fabric8.kubernetes.api.model.discovery.v1.Endpoint... endpoints) {
    return slice("web", "TCP", 8080).withEndpoints(endpoints).build();
  }

  @Test
  void aServiceLeadsToItsReadyEndpoints() {
    ServicePortRule rule =
        only(web(VIP).build(), ready("web", "TCP", 8080, "10.244.0.2", "10.244.0.1"));

    assertThat(rule)
        .isEqualTo(
            new ServicePortRule(
                "default/web",
                Protocol.TCP,
                80,
                List.of(VIP),
                List.of(),
                0,
                false,
                List.of(FIRST, SECOND),
                new Anywhere(List.of(FIRST, SECOND))));
  }

  @Test
  void anEndpointThatIsNotReadyGetsNoTraffic() {
    ServicePortRule rule =
        only(
            web(VIP).build(),
            slices(
                endpoint("10.244.0.1", false, false, false, NODE),
                endpoint("10.244.0.2", true, true, false, NODE)));

    assertThat(rule.inside()).containsExactly(SECOND);
  }

  @Test
  void whileNoneIsReadyThoseServeOnThatAreAboutToEnd() {
    ServicePortRule rule =
        only(
            web(VIP).build(),
            slices(
                endpoint("10.244.0.1", false, true, true, NODE),
                endpoint("10.244.0.2", false, false, true, NODE)));

    assertThat(rule.inside()).containsExactly(FIRST);
  }

  @Test
  void anEndpointOfUnknownReadinessIsReady() {
    EndpointSlice slice =
        slice("web", "TCP", 8080).addNewEndpoint().withAddresses(FIRST.ip()).endEndpoint().build();

    assertThat(only(web(VIP).build(), slice).inside()).containsExactly(FIRST);
  }

  @Test
  void theSlicesOfAServiceAreTakenTogetherAndAnEndpointInTwoCountsOnce() {
    EndpointSlice one = ready("web", "TCP", 8080, "10.244.0.1");
    EndpointSlice two =
        new EndpointSliceBuilder(ready("web", "TCP", 8080, "10.244.0.1", "10.244.0.2"))
            .editMetadata()
            .withName("web-def")
            .endMetadata()
            .build();

    assertThat(only(web(VIP).build(), one, two).inside()).containsExactly(FIRST, SECOND);
  }

  @Test
  void slicesOfOtherServicesAndNamespacesAreLeftAlone() {
    EndpointSlice elsewhere =
        new EndpointSliceBuilder(ready("web", "TCP", 8080, "10.244.0.1"))
            .editMetadata()
            .withNamespace("elsewhere")
            .endMetadata()
            .build();

    assertThat(
            only(web(VIP).build(), elsewhere, ready("other", "TCP", 8080, "10.244.0.2")).inside())
        .isEmpty();
  }

  @Test
  void portsOfServiceAndSliceMeetByName() {
    Service service =
        web(VIP)
            .editSpec()
            .withPorts()
            .addNewPort()
            .withName("http")
            .withPort(80)
            .endPort()
            .addNewPort()
            .withName("admin")
            .withPort(81)
            .endPort()
            .endSpec()
            .build();
    EndpointSlice slice =
        new EndpointSliceBuilder(ready("web", "TCP", 9090, "10.244.0.1"))
            .editFirstPort()
            .withName("admin")
            .endPort()
            .build();

    List<ServicePortRule> rules = compile(service, slice);

    assertThat(rules.get(0).inside()).isEmpty();
    assertThat(rules.get(1).inside()).containsExactly(new Endpoint("10.244.0.1", 9090));
  }

  @Test
  void udpAndSctpAreKnown() {
    for (String protocol : List.of("UDP", "SCTP")) {
      ServicePortRule rule =
          only(
              Clusters.service("web", VIP, protocol, 53).build(),
              ready("web", protocol, 5353, "10.244.0.1"));

      assertThat(rule.protocol()).hasToString(protocol);
      assertThat(rule.inside()).hasSize(1);
    }
  }

  @Test
  void aNodePortIsOnlyThatOfATypeThatHasOne() {
    assertThat(only(withNodePort(web(VIP), 30080)).nodePort()).isEqualTo(30080);

    Service turnedBack =
        new ServiceBuilder(withNodePort(web(VIP), 30080))
            .editSpec()
            .withType("ClusterIP")
            .endSpec()
            .build();
    assertThat(only(turnedBack).nodePort()).isZero();
  }

  @Test
  void addressesOutsideAreGivenOrALoadBalancers() {
    Service service =
        web(VIP)
            .editSpec()
            .withExternalIPs("192.0.2.7", "fd00::1")
            .endSpec()
            .withNewStatus()
            .withNewLoadBalancer()
            .addNewIngress()
            .withIp("192.0.2.5")
            .endIngress()
            .addNewIngress()
            .withIp("192.0.2.6")
            .withIpMode("Proxy")
            .endIngress()
            .endLoadBalancer()
            .endStatus()
            .build();

    assertThat(only(service).externalIps()).containsExactly("192.0.2.5", "192.0.2.7");
  }

  @Test
  void localTrafficFromOutsideStaysOnTheNode() {
    Service service = web(VIP).editSpec().withExternalTrafficPolicy("Local").endSpec().build();

    ServicePortRule rule =
        only(
            service,
            slices(
                endpoint("10.244.0.1", true, true, false, NODE),
                endpoint("10.244.1.2", true, true, false, "node-2")));

    assertThat(rule.outside()).isEqualTo(new ThisNode(List.of(FIRST)));
    assertThat(rule.inside()).hasSize(2);
  }

  @Test
  void localTrafficFromOutsideIsRefusedWhereNoNodeHasAnEndpoint() {
    Service service = web(VIP).editSpec().withExternalTrafficPolicy("Local").endSpec().build();

    assertThat(only(service).outside()).isEqualTo(new Anywhere(List.of()));
  }

  @Test
  void localTrafficFromInsideStaysOnTheNode() {
    Service service = web(VIP).editSpec().withInternalTrafficPolicy("Local").endSpec().build();

    ServicePortRule rule =
        only(service, slices(endpoint("10.244.1.2", true, true, false, "node-2")));

    assertThat(rule.inside()).isEmpty();
    assertThat(rule.outside().endpoints()).hasSize(1);
  }

  @Test
  void endpointsThatAreMeantForTheNodeAreAskedAlone() {
    ServicePortRule rule =
        only(
            web(VIP).build(),
            slices(meantFor("10.244.0.1", NODE, "east"), meantFor("10.244.0.2", "node-2", "east")));

    assertThat(rule.inside()).containsExactly(FIRST);
  }

  @Test
  void elseThoseForItsZoneAreWhichItsOwnEndpointsTell() {
    ServicePortRule rule =
        only(
            web(VIP).build(),
            slices(
                meantFor("10.244.0.2", "node-2", "west"),
                meantFor("10.244.0.1", "node-3", "east"),
                new EndpointBuilder(endpoint("10.244.0.9", false, false, false, NODE))
                    .withZone("east")
                    .build()));

    assertThat(rule.inside()).containsExactly(FIRST);
  }

  @Test
  void withoutOneThatIsMeantForItTheNodeAsksAll() {
    ServicePortRule rule =
        only(
            web(VIP).build(),
            slices(
                meantFor("10.244.0.1", "node-2", "west"),
                meantFor("10.244.0.2", "node-3", "west")));

    assertThat(rule.inside()).containsExactly(FIRST, SECOND);
  }

  private static io.fabric8.kubernetes.api.model.discovery.v1.Endpoint meantFor(
      String ip, String node, String zone) {
    return new EndpointBuilder(endpoint(ip, true, true, false, node))
        .withZone(zone)
        .withNewHints()
        .addNewForNode(node)
        .addNewForZone(zone)
        .endHints()
        .build();
  }

  @Test
  void clientsCanBeKeptWithTheirEndpoint() {
    Service service = web(VIP).editSpec().withSessionAffinity("ClientIP").endSpec().build();

    assertThat(only(service).sticky()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"None", "", "fd00::1", "10.96.0.10; flush ruleset", "10.96.0.256"})
  void aServiceWithoutAnIpv4AddressHasNoRules(String clusterIp) {
    assertThat(compile(web(clusterIp).build())).isEmpty();
  }

  @Test
  void externalNamesAndOtherProxiesServicesHaveNoRules() {
    assertThat(compile(web(VIP).editSpec().withType("ExternalName").endSpec().build())).isEmpty();
    assertThat(
            compile(
                web(VIP)
                    .editMetadata()
                    .addToLabels("service.kubernetes.io/service-proxy-name", "mine")
                    .endMetadata()
                    .build()))
        .isEmpty();
  }

  @Test
  void slicesOfIpv6AddressesAreLeftAlone() {
    EndpointSlice slice =
        slice("web", "TCP", 8080)
            .withAddressType("IPv6")
            .withEndpoints(endpoint("fd00::1", true, true, false, NODE))
            .build();

    assertThat(only(web(VIP).build(), slice).inside()).isEmpty();
  }
}
