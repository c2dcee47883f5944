package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Answer;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Found;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Reconciliation;
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

/** A test with an autoscaler of a Deployment, of whose pods it says what they use. */
abstract class OnAutoscaler {

  private static final ObjectMapper JSON = new ObjectMapper();

  static final String CPU_AT_50_PERCENT =
      "{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":"
          + "{\"type\":\"Utilization\",\"averageUtilization\":50}}}";

  final Map<Class<? extends MetricQuery>, Answer> answers = new HashMap<>();
  final List<MetricQuery> asked = new ArrayList<>();
  private final Map<String, String> usage = new HashMap<>();
  final HorizontalPodAutoscalerController controller =
      new HorizontalPodAutoscalerController(this::ask);
  final Scenario scenario = new Scenario(controller);

  Instant now = Scenario.NOW;
  Reconciliation result;

  final void given(int replicas, int least, int most, String metrics) {
    given(replicas, least, most, metrics, "");
  }

  final void given(int replicas, int least, int most, String metrics, String behavior) {
    replicas(replicas);
    scenario.given(HORIZONTAL_POD_AUTOSCALERS, autoscaler(least, most, metrics, behavior));
  }

  final void replicas(int number) {
    var deployment = Objects.deployment("web", number);
    deployment.setStatus(
        new io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder()
            .withReplicas(number)
            .build());
    scenario.given(DEPLOYMENTS, deployment);
  }

  static HorizontalPodAutoscaler autoscaler(int least, int most, String metrics, String behavior) {
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
  final Pod runs(String name, String quantity) {
    usage.put(name, quantity);
    return running(name);
  }

  final Pod running(String name) {
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

  final void look() {
    result = controller.reconcile("ns/scaler", scenario.views(), now);
  }

  final void pass(Duration time) {
    now = now.plus(time);
    look();
  }

  final OptionalInt scaledTo() {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("scale"))
        .mapToInt(command -> command.body().at("/spec/replicas").asInt())
        .findFirst();
  }

  final JsonNode status() {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("status"))
        .map(command -> command.body().path("status"))
        .findFirst()
        .orElseThrow();
  }

  final String condition(String type) {
    for (JsonNode condition : status().path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText() + " " + condition.path("reason").asText();
      }
    }
    return "";
  }

  final List<String> events() {
    return result.events().stream()
        .map((EventRequest event) -> event.reason() + ": " + event.message())
        .toList();
  }

  static Found found(String document) {
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
