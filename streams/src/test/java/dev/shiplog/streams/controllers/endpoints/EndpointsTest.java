package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.controllers.Scenario.NOW;
import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINTS;
import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Endpoints and EndpointSlices say of a Service's pods. */
class EndpointsTest {

  private final Scenario slices = new Scenario(new EndpointSliceController());
  private final Scenario endpoints = new Scenario(new EndpointsController());

  @Test
  void aReadyPodIsAnEndpointWithNodeZoneAndReference() {
    givenService(service());
    slices.given(
        NODES,
        new NodeBuilder()
            .withNewMetadata()
            .withName("n1")
            .addToLabels("topology.kubernetes.io/zone", "east")
            .endMetadata()
            .build());
    givenPod(pod("p1", "10.0.0.1", true));

    JsonNode slice = createdSlice();

    assertThat(slice.at("/metadata/labels/kubernetes.io~1service-name").asText()).isEqualTo("web");
    assertThat(slice.at("/metadata/ownerReferences/0/kind").asText()).isEqualTo("Service");
    assertThat(slice.at("/addressType").asText()).isEqualTo("IPv4");
    assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(8080);
    assertThat(slice.at("/ports/0/name").asText()).isEqualTo("http");
    JsonNode endpoint = slice.at("/endpoints/0");
    assertThat(endpoint.at("/addresses/0").asText()).isEqualTo("10.0.0.1");
    assertThat(endpoint.at("/conditions/ready").asBoolean()).isTrue();
    assertThat(endpoint.at("/nodeName").asText()).isEqualTo("n1");
    assertThat(endpoint.at("/zone").asText()).isEqualTo("east");
    assertThat(endpoint.at("/targetRef/name").asText()).isEqualTo("p1");
    JsonNode address = createdEndpoints().at("/subsets/0/addresses/0");
    assertThat(address.at("/ip").asText()).isEqualTo("10.0.0.1");
    assertThat(address.at("/nodeName").asText()).isEqualTo("n1");
  }

  @Test
  void aPodThatIsNotReadyIsThereButGetsNoTraffic() {
    givenService(service());
    givenPod(pod("p1", "10.0.0.1", false));

    assertThat(createdSlice().at("/endpoints/0/conditions/ready").asBoolean(true)).isFalse();
    assertThat(createdEndpoints().at("/subsets/0").has("addresses")).isFalse();
    assertThat(createdEndpoints().at("/subsets/0/notReadyAddresses")).hasSize(1);
  }

  @Test
  void anEndingPodStillServesButIsNotReady() {
    givenService(service());
    Pod ending = pod("p1", "10.0.0.1", true);
    ending.getMetadata().setDeletionTimestamp(NOW.toString());
    givenPod(ending);

    JsonNode conditions = createdSlice().at("/endpoints/0/conditions");

    assertThat(conditions.get("ready").asBoolean()).isFalse();
    assertThat(conditions.get("serving").asBoolean()).isTrue();
    assertThat(conditions.get("terminating").asBoolean()).isTrue();
    assertThat(createdEndpoints().has("subsets")).isFalse();
  }

  @Test
  void aServiceMayPublishPodsThatAreNotReady() {
    Service service = service();
    service.getSpec().setPublishNotReadyAddresses(true);
    givenService(service);
    givenPod(pod("p1", "10.0.0.1", false));

    assertThat(createdSlice().at("/endpoints/0/conditions/ready").asBoolean()).isTrue();
    assertThat(createdEndpoints().at("/subsets/0/addresses")).hasSize(1);
  }

  @Test
  void podsWithoutAddressAndFinishedPodsAreLeftOut() {
    givenService(service());
    givenPod(pod("starting", null, false));
    Pod finished = pod("finished", "10.0.0.2", false);
    finished.getStatus().setPhase("Succeeded");
    givenPod(finished);

    assertThat(createdSlice().at("/endpoints")).isEmpty();
  }

  @Test
  void aNamedTargetPortIsEachPodsOwn() {
    Service service = service();
    service.getSpec().getPorts().getFirst().setTargetPort(new IntOrString("web"));
    givenService(service);
    givenPod(withNamedPort(pod("p1", "10.0.0.1", true), 8081));
    givenPod(withNamedPort(pod("p2", "10.0.0.2", true), 8082));

    assertThat(creates(slices.reconcile("ns/web")))
        .extracting(command -> command.body().at("/ports/0/port").asInt())
        .containsExactlyInAnyOrder(8081, 8082);
    assertThat(createdEndpoints().at("/subsets")).hasSize(2);
  }

  @Test
  void aPodOfAHeadlessServiceHasItsHostname() {
    Service service = service();
    service.getSpec().setClusterIP("None");
    givenService(service);
    Pod pod = pod("p1", "10.0.0.1", true);
    pod.getSpec().setHostname("first");
    pod.getSpec().setSubdomain("web");
    givenPod(pod);

    JsonNode slice = createdSlice();

    assertThat(slice.at("/endpoints/0/hostname").asText()).isEqualTo("first");
    assertThat(slice.at("/metadata/labels").has("service.kubernetes.io/headless")).isTrue();
  }

  @Test
  void aServiceWithoutSelectorIsSomebodyElses() {
    Service service = service();
    service.getSpec().setSelector(null);
    givenService(service);

    assertThat(slices.reconcile("ns/web")).isEqualTo(Reconciliation.nothing());
    assertThat(endpoints.reconcile("ns/web")).isEqualTo(Reconciliation.nothing());
  }

  @Test
  void aSliceHoldsAHundredPods() {
    givenService(service());
    for (int i = 0; i < 250; i++) {
      givenPod(pod("p" + i, "10.0.1." + i, true));
    }

    assertThat(creates(slices.reconcile("ns/web")))
        .extracting(command -> command.body().get("endpoints").size())
        .containsExactly(100, 100, 50);
  }

  @Test
  void aPodThatComesGoesIntoTheRoomThereIs() {
    givenService(service());
    givenPod(pod("p1", "10.0.0.1", true));
    EndpointSlice there = givenCreatedSlice();
    assertThat(slices.reconcile("ns/web").commands()).isEmpty();
    givenPod(pod("p2", "10.0.0.2", true));

    List<CommandRequest> commands = slices.reconcile("ns/web").commands();

    assertThat(commands).hasSize(1);
    assertThat(commands.getFirst().target().name()).isEqualTo(there.getMetadata().getName());
    assertThat(commands.getFirst().body().get("endpoints")).hasSize(2);
  }

  @Test
  void theLastPodLeavesAnEmptySlice() {
    givenService(service());
    assertThat(createdSlice().at("/endpoints")).isEmpty();
    givenCreatedSlice();

    assertThat(slices.reconcile("ns/web").commands()).isEmpty();
  }

  @Test
  void endpointsThatAreAsTheyShouldBeAreLeftAlone() {
    givenService(service());
    givenPod(pod("p1", "10.0.0.1", true));
    endpoints.given(ENDPOINTS, KubernetesJson.read(createdEndpoints(), Endpoints.class));
    assertThat(endpoints.reconcile("ns/web").commands()).isEmpty();

    givenPod(pod("p1", "10.0.0.1", false));

    JsonNode patch = endpoints.reconcile("ns/web").commands().getFirst().body();
    assertThat(patch.at("/subsets/0/notReadyAddresses")).hasSize(1);
  }

  @Test
  void endpointsGoWithTheirService() {
    givenService(service());
    endpoints.given(ENDPOINTS, KubernetesJson.read(createdEndpoints(), Endpoints.class));
    endpoints.deleted(SERVICES, "ns/web");

    assertThat(endpoints.reconcile("ns/web").commands().getFirst().verb()).isEqualTo(Verb.DELETE);
  }

  private void givenService(Service service) {
    slices.given(SERVICES, service);
    endpoints.given(SERVICES, service);
  }

  private void givenPod(Pod pod) {
    slices.given(PODS, pod);
    endpoints.given(PODS, pod);
  }

  private EndpointSlice givenCreatedSlice() {
    return slices.given(ENDPOINT_SLICES, KubernetesJson.read(createdSlice(), EndpointSlice.class));
  }

  private JsonNode createdSlice() {
    return creates(slices.reconcile("ns/web")).getFirst().body();
  }

  private JsonNode createdEndpoints() {
    return creates(endpoints.reconcile("ns/web")).getFirst().body();
  }

  private static List<CommandRequest> creates(Reconciliation result) {
    return result.commands().stream().filter(command -> command.verb() == Verb.CREATE).toList();
  }

  private static Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withClusterIP("10.96.0.10")
        .addToSelector("app", "web")
        .addNewPort()
        .withName("http")
        .withPort(80)
        .withProtocol("TCP")
        .withTargetPort(new IntOrString(8080))
        .endPort()
        .endSpec()
        .build();
  }

  private static Pod pod(String name, String ip, boolean ready) {
    Pod pod = Objects.running(Objects.pod(name, "web"), "n1", ready, NOW);
    pod.getStatus().setPodIP(ip);
    return pod;
  }

  private static Pod withNamedPort(Pod pod, int number) {
    return new PodBuilder(pod)
        .editSpec()
        .editFirstContainer()
        .addNewPort()
        .withName("web")
        .withContainerPort(number)
        .endPort()
        .endContainer()
        .endSpec()
        .build();
  }
}
