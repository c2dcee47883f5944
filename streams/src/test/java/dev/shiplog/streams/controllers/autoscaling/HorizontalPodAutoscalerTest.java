package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Answer;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Failed;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Found;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * Each documented behaviour once. One file, because all share the world that is made at its end.
 */
class HorizontalPodAutoscalerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CPU_AT_50_PERCENT =
      "{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":"
          + "{\"type\":\"Utilization\",\"averageUtilization\":50}}}";

  private final Map<Class<? extends MetricQuery>, Answer> answers = new HashMap<>();
  private final List<MetricQuery> asked = new ArrayList<>();
  private final Map<String, String> usage = new HashMap<>();
  private final HorizontalPodAutoscalerController controller =
      new HorizontalPodAutoscalerController(this::ask);
  private final Scenario scenario = new Scenario(controller);

  private Instant now = Scenario.NOW;
  private Reconciliation result;

  // --- resource metrics

  @Test
  void usageAboveTheTargetScalesUpByTheRatio() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "100m");
    runs("b", "60m");

    look();

    // 80 % of the requests on average, 50 % wanted: 2 x 1.6
    assertThat(scaledTo()).hasValue(4);
    assertThat(status().at("/currentMetrics/0/resource/current/averageUtilization").asInt())
        .isEqualTo(80);
    assertThat(status().at("/currentMetrics/0/resource/current/averageValue").asText())
        .isEqualTo("80m");
    assertThat(events())
        .containsExactly(
            "SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of"
                + " request) above target");
  }

  @Test
  void usageWithinTheToleranceChangesNothing() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "54m");
    runs("b", "54m");

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("AbleToScale")).isEqualTo("True ReadyForNewScale");
    assertThat(condition("ScalingActive")).isEqualTo("True ValidMetricFound");
    assertThat(condition("ScalingLimited")).isEqualTo("False DesiredWithinRange");
  }

  @Test
  void aToleranceOfItsOwnIsKept() {
    given(2, 1, 10, CPU_AT_50_PERCENT, "{\"scaleUp\":{\"tolerance\":\"0.05\"}}");
    runs("a", "54m");
    runs("b", "54m");

    look();

    assertThat(scaledTo()).hasValue(3);
  }

  @Test
  void anAverageValueNeedsNoRequests() {
    given(
        2,
        1,
        10,
        "{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"target\":"
            + "{\"type\":\"AverageValue\",\"averageValue\":\"100Mi\"}}}");
    runs("a", "250Mi");
    runs("b", "150Mi");

    look();

    assertThat(scaledTo()).hasValue(4);
    assertThat(status().at("/currentMetrics/0/resource/current/averageValue").asText())
        .isEqualTo("209715200");
  }

  @Test
  void aContainersOwnUsageCounts() {
    given(
        1,
        1,
        10,
        "{\"type\":\"ContainerResource\",\"containerResource\":{\"name\":\"cpu\",\"container\":"
            + "\"main\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":50}}}");
    runs("a", "100m");

    look();

    assertThat(scaledTo()).hasValue(2);
    assertThat(status().at("/currentMetrics/0/containerResource/container").asText())
        .isEqualTo("main");
  }

  @Test
  void aPodThatRequestsNothingMakesUtilizationUnknown() {
    given(1, 1, 10, CPU_AT_50_PERCENT);
    Pod pod = runs("a", "100m");
    pod.getSpec().getContainers().getFirst().setResources(null);
    scenario.given(PODS, pod);

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingActive")).isEqualTo("False FailedGetResourceMetric");
    assertThat(events())
        .contains(
            "FailedGetResourceMetric: failed to get cpu utilization: missing request for cpu in"
                + " container main of Pod a");
  }

  // --- pods without a metric

  @Test
  void onScalingUpAPodWithoutAMetricIsTakenToBeIdle() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "100m");
    running("b");

    look();

    // (100 % + 0 %) / 2 is what is wanted
    assertThat(scaledTo()).isEmpty();
  }

  @Test
  void onScalingDownAPodWithoutAMetricIsTakenToBeBusy() {
    given(3, 1, 10, CPU_AT_50_PERCENT, "{\"scaleDown\":{\"stabilizationWindowSeconds\":0}}");
    runs("a", "10m");
    runs("b", "10m");
    running("c");

    look();

    // (10 + 10 + 100) / 3 = 40 %: 3 x 0.8 rounded up
    assertThat(scaledTo()).isEmpty();
  }

  @Test
  void aPodThatIsStartingIsTakenToBeIdleWhenScalingUp() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "100m");
    Pod starting = runs("b", "1");
    starting.getStatus().setStartTime(now.minusSeconds(20).toString());
    starting.getStatus().getConditions().getFirst().setStatus("False");
    scenario.given(PODS, starting);

    look();

    assertThat(scaledTo()).isEmpty();
  }

  @Test
  void podsOnTheirWayOutDoNotCount() {
    given(1, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "50m");
    Pod going = runs("b", "1");
    going.getMetadata().setDeletionTimestamp(now.toString());
    scenario.given(PODS, going);

    look();

    assertThat(scaledTo()).isEmpty();
  }

  @Test
  void withoutAnyMetricNothingIsDoneAndItIsTold() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    running("a");

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingActive")).isEqualTo("False FailedGetResourceMetric");
    assertThat(events())
        .contains(
            "FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is:"
                + " failed to get cpu utilization: unable to get metrics for resource cpu: no"
                + " metrics returned from resource metrics API");
  }

  // --- other metrics

  @Test
  void aMetricOfThePodsIsAveraged() {
    given(
        2,
        1,
        10,
        "{\"type\":\"Pods\",\"pods\":{\"metric\":{\"name\":\"rps\"},\"target\":"
            + "{\"type\":\"AverageValue\",\"averageValue\":\"10\"}}}");
    running("a");
    running("b");
    answers.put(
        MetricQuery.OfPods.class,
        found(
            """
            {"items":[
             {"describedObject":{"name":"a"},"timestamp":"2026-01-01T12:00:00Z","value":"20"},
             {"describedObject":{"name":"b"},"timestamp":"2026-01-01T12:00:00Z","value":"30"}]}
            """));

    look();

    assertThat(scaledTo()).hasValue(5);
    assertThat(asked.getFirst().path(""))
        .isEqualTo(
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/rps?labelSelector=app%3Dweb");
  }

  @Test
  void aValueOfAnObjectScalesTheReadyPods() {
    given(
        2,
        1,
        10,
        "{\"type\":\"Object\",\"object\":{\"describedObject\":{\"apiVersion\":"
            + "\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"name\":\"main\"},\"metric\":"
            + "{\"name\":\"rps\"},\"target\":{\"type\":\"Value\",\"value\":\"100\"}}}");
    running("a");
    running("b");
    answers.put(MetricQuery.OfObject.class, found("{\"items\":[{\"value\":\"150\"}]}"));

    look();

    assertThat(scaledTo()).hasValue(3);
    assertThat(asked.getFirst().path("ingresses.networking.k8s.io"))
        .isEqualTo(
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/ingresses.networking.k8s.io/main/rps");
  }

  @Test
  void anExternalValueIsSharedByTheReplicas() {
    given(
        2,
        1,
        10,
        "{\"type\":\"External\",\"external\":{\"metric\":{\"name\":\"queue\",\"selector\":"
            + "{\"matchLabels\":{\"q\":\"in\"}}},\"target\":"
            + "{\"type\":\"AverageValue\",\"averageValue\":\"5\"}}}");
    running("a");
    running("b");
    answers.put(
        MetricQuery.External.class,
        found("{\"items\":[{\"value\":\"7\"},{\"value\":\"10500m\"}]}"));

    look();

    assertThat(scaledTo()).hasValue(4);
    assertThat(asked.getFirst().path(""))
        .isEqualTo(
            "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue?labelSelector=q%3Din");
  }

  @Test
  void ofSeveralMetricsTheOneThatWantsMostCounts() {
    given(
        2,
        1,
        10,
        CPU_AT_50_PERCENT
            + ",{\"type\":\"External\",\"external\":{\"metric\":{\"name\":\"queue\"},\"target\":"
            + "{\"type\":\"AverageValue\",\"averageValue\":\"1\"}}}");
    runs("a", "50m");
    runs("b", "50m");
    answers.put(MetricQuery.External.class, found("{\"items\":[{\"value\":\"4\"}]}"));

    look();

    assertThat(scaledTo()).hasValue(4);
  }

  @Test
  void oneUnknownMetricKeepsItFromScalingDownButNotUp() {
    String both =
        CPU_AT_50_PERCENT
            + ",{\"type\":\"External\",\"external\":{\"metric\":{\"name\":\"queue\"},\"target\":"
            + "{\"type\":\"AverageValue\",\"averageValue\":\"1\"}}}";
    given(2, 1, 10, both, "{\"scaleDown\":{\"stabilizationWindowSeconds\":0}}");
    answers.put(MetricQuery.External.class, new Failed("nobody serves it"));
    runs("a", "10m");
    runs("b", "10m");

    look();
    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingActive")).isEqualTo("False FailedGetExternalMetric");

    runs("a", "100m");
    runs("b", "100m");
    pass(Duration.ofSeconds(15));
    assertThat(scaledTo()).hasValue(4);
  }

  @Test
  void anAnswerOnItsWayIsWaitedFor() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    running("a");
    answers.put(MetricQuery.Resources.class, null);

    look();

    assertThat(result.commands()).isEmpty();
    assertThat(result.requeueAfter()).hasValue(Duration.ofMillis(300));
  }

  // --- bounds, rates and windows

  @Test
  void itStaysWithinItsBounds() {
    given(2, 1, 3, CPU_AT_50_PERCENT);
    runs("a", "100m");
    runs("b", "100m");

    look();

    assertThat(scaledTo()).hasValue(3);
    assertThat(condition("ScalingLimited")).isEqualTo("True TooManyReplicas");
  }

  @Test
  void aTargetBeyondItsBoundsIsBroughtBackWithoutMetrics() {
    given(5, 1, 3, CPU_AT_50_PERCENT);
    look();
    assertThat(scaledTo()).hasValue(3);
    assertThat(asked).isEmpty();
  }

  @Test
  void aTargetOfZeroReplicasIsLeftAlone() {
    given(0, 1, 3, CPU_AT_50_PERCENT);

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingActive")).isEqualTo("False ScalingDisabled");
  }

  @Test
  void withoutABehaviorItDoublesAtMostInFifteenSeconds() {
    given(10, 1, 100, CPU_AT_50_PERCENT);
    for (int i = 0; i < 10; i++) {
      runs("p" + i, "200m");
    }

    look();

    assertThat(scaledTo()).hasValue(20);
    assertThat(condition("ScalingLimited")).isEqualTo("True ScaleUpLimit");
  }

  @Test
  void aPolicyCountsWhatWasAddedInItsPeriod() {
    given(
        2,
        1,
        100,
        CPU_AT_50_PERCENT,
        "{\"scaleUp\":{\"policies\":[{\"type\":\"Pods\",\"value\":3,\"periodSeconds\":60}]}}");
    runs("a", "500m");
    runs("b", "500m");

    look();
    assertThat(scaledTo()).hasValue(5);

    replicas(5);
    pass(Duration.ofSeconds(30));
    assertThat(scaledTo()).isEmpty();
    pass(Duration.ofSeconds(31));
    assertThat(scaledTo()).hasValue(8);
  }

  @Test
  void aDirectionThatIsDisabledIsNotTaken() {
    given(2, 1, 10, CPU_AT_50_PERCENT, "{\"scaleUp\":{\"selectPolicy\":\"Disabled\"}}");
    runs("a", "100m");
    runs("b", "100m");

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingLimited")).isEqualTo("True ScaleUpLimit");
  }

  @Test
  void scalingDownWaitsForItsWindow() {
    given(4, 1, 10, CPU_AT_50_PERCENT);
    for (String name : List.of("a", "b", "c", "d")) {
      runs(name, "10m");
    }

    look();
    assertThat(scaledTo()).isEmpty();
    assertThat(condition("AbleToScale")).isEqualTo("True ScaleDownStabilized");

    pass(Duration.ofSeconds(299));
    assertThat(scaledTo()).isEmpty();
    pass(Duration.ofSeconds(15));
    assertThat(scaledTo()).hasValue(1);
  }

  @Test
  void aPeakWithinTheWindowHoldsItUp() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "100m");
    runs("b", "100m");
    look();
    assertThat(scaledTo()).hasValue(4);

    replicas(4);
    for (String name : List.of("a", "b", "c", "d")) {
      runs(name, "10m");
    }
    pass(Duration.ofSeconds(200));
    assertThat(scaledTo()).isEmpty();
    pass(Duration.ofSeconds(110));
    assertThat(scaledTo()).hasValue(1);
  }

  // --- targets, pauses, refusals

  /** Each would undo what the other did. */
  @Test
  void twoForTheSamePodsBothStandStill() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "100m");
    HorizontalPodAutoscaler other = autoscaler(1, 3, CPU_AT_50_PERCENT, "");
    other.getMetadata().setName("rival");
    scenario.given(HORIZONTAL_POD_AUTOSCALERS, other);

    look();

    assertThat(scaledTo()).isEmpty();
    assertThat(condition("ScalingActive")).isEqualTo("False AmbiguousSelector");
    assertThat(events().getFirst())
        .isEqualTo(
            "AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs:"
                + " [ns/rival ns/scaler]");
  }

  @Test
  void aTargetThatIsNotThereIsTold() {
    scenario.given(HORIZONTAL_POD_AUTOSCALERS, autoscaler(1, 3, CPU_AT_50_PERCENT, ""));

    look();

    assertThat(condition("AbleToScale")).isEqualTo("False FailedGetScale");
    assertThat(events().getFirst()).startsWith("FailedGetScale: ");
  }

  @Test
  void aCustomResourceIsScaledByItsScale() {
    HorizontalPodAutoscaler autoscaler = autoscaler(1, 5, CPU_AT_50_PERCENT, "");
    autoscaler.getSpec().getScaleTargetRef().setApiVersion("example.com/v1");
    autoscaler.getSpec().getScaleTargetRef().setKind("Farm");
    scenario.given(HORIZONTAL_POD_AUTOSCALERS, autoscaler);
    answers.put(
        MetricQuery.ScaleOf.class,
        found(
            """
            {"plural":"farms","metadata":{"namespace":"ns","name":"web","uid":"u"},
             "spec":{"replicas":1},"status":{"replicas":1,"selector":"app in (web, shop),!old"}}
            """));
    runs("a", "100m");

    look();

    CommandRequest command = result.commands().getFirst();
    assertThat(command.target().plural()).isEqualTo("farms");
    assertThat(command.target().group()).isEqualTo("example.com");
    assertThat(command.target().subresource()).isEqualTo("scale");
    assertThat(scaledTo()).hasValue(2);
  }

  @Test
  void betweenTwoLooksItRests() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "50m");
    runs("b", "50m");
    look();

    now = now.plusSeconds(5);
    look();

    assertThat(result.commands()).isEmpty();
    assertThat(result.requeueAfter()).hasValue(Duration.ofSeconds(10));
  }

  @Test
  void aChangedSpecIsLookedAtAtOnce() {
    given(2, 1, 10, CPU_AT_50_PERCENT);
    runs("a", "50m");
    runs("b", "50m");
    look();

    scenario.given(HORIZONTAL_POD_AUTOSCALERS, autoscaler(4, 10, CPU_AT_50_PERCENT, ""));
    look();

    assertThat(scaledTo()).hasValue(4);
  }

  @Test
  void aScaleThatIsRefusedIsTold() {
    given(5, 1, 3, CPU_AT_50_PERCENT);
    look();
    RefusedCommand refused =
        new RefusedCommand(result.commands().getFirst(), 403, "Forbidden", "a quota is full");

    result = controller.reconcile("ns/scaler", List.of(refused), scenario.views(), now);

    assertThat(condition("AbleToScale")).isEqualTo("False FailedUpdateScale");
    assertThat(events())
        .containsExactly(
            "FailedRescale: the HPA controller was unable to update the target scale: a quota is"
                + " full");
  }

  // --- the world

  private void given(int replicas, int least, int most, String metrics) {
    given(replicas, least, most, metrics, "");
  }

  private void given(int replicas, int least, int most, String metrics, String behavior) {
    replicas(replicas);
    scenario.given(HORIZONTAL_POD_AUTOSCALERS, autoscaler(least, most, metrics, behavior));
  }

  private void replicas(int number) {
    var deployment = Objects.deployment("web", number);
    deployment.setStatus(
        new io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder()
            .withReplicas(number)
            .build());
    scenario.given(DEPLOYMENTS, deployment);
  }

  private static HorizontalPodAutoscaler autoscaler(
      int least, int most, String metrics, String behavior) {
    return KubernetesJson.read(
        tree(
            """
            {"metadata":{"namespace":"ns","name":"scaler"},"spec":{
             "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
             "minReplicas":%d,"maxReplicas":%d,"metrics":[%s]%s}}
            """
                .formatted(
                    least, most, metrics, behavior.isEmpty() ? "" : ",\"behavior\":" + behavior)),
        HorizontalPodAutoscaler.class);
  }

  /** A pod that has been ready for long, and what it uses. */
  private Pod runs(String name, String quantity) {
    usage.put(name, quantity);
    return running(name);
  }

  private Pod running(String name) {
    Pod pod =
        new PodBuilder(
                Objects.running(Objects.pod(name, "web"), "node-1", true, now.minusSeconds(3000)))
            .editSpec()
            .editFirstContainer()
            .withNewResources()
            .addToRequests("cpu", new Quantity("100m"))
            .endResources()
            .endContainer()
            .endSpec()
            .editStatus()
            .withStartTime(now.minusSeconds(3600).toString())
            .endStatus()
            .build();
    return scenario.given(PODS, pod);
  }

  private Optional<Answer> ask(MetricQuery query, Instant at) {
    asked.add(query);
    if (answers.containsKey(query.getClass())) {
      return Optional.ofNullable(answers.get(query.getClass()));
    }
    List<String> items =
        usage.entrySet().stream()
            .map(pod ->
                """
                {"metadata":{"name":"%s"},"timestamp":"%s","window":"10s","containers":[
                 {"name":"main","usage":{"cpu":"%s","memory":"%s"}}]}
                """
                    .formatted(pod.getKey(), at, pod.getValue(), pod.getValue()))
            .toList();
    return Optional.of(found("{\"items\":[" + String.join(",", items) + "]}"));
  }

  private void look() {
    result = controller.reconcile("ns/scaler", scenario.views(), now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
    look();
  }

  private OptionalInt scaledTo() {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("scale"))
        .mapToInt(command -> command.body().at("/spec/replicas").asInt())
        .findFirst();
  }

  private JsonNode status() {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("status"))
        .map(command -> command.body().path("status"))
        .findFirst()
        .orElseThrow();
  }

  private String condition(String type) {
    for (JsonNode condition : status().path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText() + " " + condition.path("reason").asText();
      }
    }
    return "";
  }

  private List<String> events() {
    return result.events().stream()
        .map((EventRequest event) -> event.reason() + ": " + event.message())
        .toList();
  }

  private static Found found(String document) {
    return new Found(tree(document));
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
