package dev.shiplog.streams.controllers.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.autoscaling.Evaluation.Proposed;
import dev.shiplog.streams.controllers.autoscaling.Evaluation.Unknown;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Selectors;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ContainerResourceMetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTarget;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricValueStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.ResourceMetricStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks at one metric of an autoscaler.
 *
 * @param namespace the autoscaler's
 * @param target what it scales
 * @param pods those of the target
 */
record MetricEvaluation(
    String namespace,
    ScaleTarget target,
    Collection<Pod> pods,
    Tolerance tolerance,
    MetricSource metrics,
    Instant now) {

  private static final String UTILIZATION = "Utilization";
  private static final String AVERAGE_VALUE = "AverageValue";

  Evaluation of(MetricSpec spec) {
    return switch (spec.getType()) {
      case "Resource" -> resource(spec);
      case "ContainerResource" -> containerResource(spec);
      case "Pods" -> ofPods(spec);
      case "Object" -> ofObject(spec);
      case "External" -> external(spec);
      default ->
          new Unknown("InvalidMetricSourceType", "unknown metric source type " + spec.getType());
    };
  }

  private Evaluation resource(MetricSpec spec) {
    String resource = spec.getResource().getName();
    Function<MetricValueStatus, MetricStatus> status =
        current ->
            new MetricStatusBuilder()
                .withType("Resource")
                .withResource(new ResourceMetricStatus(current, resource))
                .build();
    return resource(
        spec.getResource().getTarget(),
        resource,
        "",
        "FailedGetResourceMetric",
        resource + " resource",
        status);
  }

  private Evaluation containerResource(MetricSpec spec) {
    String resource = spec.getContainerResource().getName();
    String container = spec.getContainerResource().getContainer();
    Function<MetricValueStatus, MetricStatus> status =
        current ->
            new MetricStatusBuilder()
                .withType("ContainerResource")
                .withContainerResource(
                    new ContainerResourceMetricStatus(container, current, resource))
                .build();
    return resource(
        spec.getContainerResource().getTarget(),
        resource,
        container,
        "FailedGetContainerResourceMetric",
        resource + " container resource",
        status);
  }

  private Evaluation resource(
      MetricTarget wanted,
      String resource,
      String container,
      String reason,
      String name,
      Function<MetricValueStatus, MetricStatus> status) {
    boolean share = UTILIZATION.equals(wanted.getType());
    String what = "failed to get " + resource + (share ? " utilization: " : " usage: ");
    return asked(
        new MetricQuery.Resources(namespace, target.pods()),
        reason,
        what + "unable to get metrics for resource " + resource + ": ",
        document -> {
          Map<String, PodMetric> values = PodMetric.ofResource(document, resource, container);
          if (values.isEmpty()) {
            return new Unknown(
                reason,
                what
                    + "unable to get metrics for resource "
                    + resource
                    + ": no metrics returned from resource metrics API");
          }
          try {
            return share
                ? utilization(wanted, resource, container, name, values, status)
                : average(wanted, resource, name, values, status);
          } catch (MetricFailure failure) {
            return new Unknown(reason, what + failure.getMessage());
          }
        });
  }

  private Evaluation utilization(
      MetricTarget wanted,
      String resource,
      String container,
      String name,
      Map<String, PodMetric> values,
      Function<MetricValueStatus, MetricStatus> status) {
    Map<String, Long> requests = PodRequests.of(requirePods(), resource, container);
    int share = wanted.getAverageUtilization();
    PodCount count =
        new PodCount(
            target.replicas(),
            tolerance,
            values,
            PodGroups.of(pods, values, resource, now),
            used -> (double) utilization(used, requests) / share,
            pod -> requests.getOrDefault(pod, 0L) * Math.max(100, share) / 100);
    int replicas = count.replicas().orElseThrow(MetricEvaluation::nothingCounts);
    Map<String, Long> settled = count.settled();
    return new Proposed(
        replicas,
        name + " utilization (percentage of request)",
        status.apply(
            new MetricValueStatus(
                utilization(settled, requests), PodMetric.quantity(mean(settled)), null)));
  }

  private Evaluation average(
      MetricTarget wanted,
      String resource,
      String name,
      Map<String, PodMetric> values,
      Function<MetricValueStatus, MetricStatus> status) {
    var _ = requirePods();
    long each = PodMetric.milli(wanted.getAverageValue());
    PodCount count =
        new PodCount(
            target.replicas(),
            tolerance,
            values,
            PodGroups.of(pods, values, resource, now),
            used -> (double) mean(used) / each,
            pod -> each);
    int replicas = count.replicas().orElseThrow(MetricEvaluation::nothingCounts);
    return new Proposed(
        replicas,
        name,
        status.apply(new MetricValueStatus(null, PodMetric.quantity(mean(count.settled())), null)));
  }

  private Collection<Pod> requirePods() {
    if (pods.isEmpty()) {
      throw new MetricFailure("no pods returned by selector while calculating replica count");
    }
    return pods;
  }

  private static MetricFailure nothingCounts() {
    return new MetricFailure("did not receive metrics for targeted pods (pods might be unready)");
  }

  private static int utilization(Map<String, Long> used, Map<String, Long> requests) {
    long total = 0;
    long requested = 0;
    for (Map.Entry<String, Long> pod : used.entrySet()) {
      // A pod that has gone since its metric was taken has no request to compare with.
      Long request = requests.get(pod.getKey());
      if (request != null) {
        total += pod.getValue();
        requested += request;
      }
    }
    if (requested == 0) {
      throw new MetricFailure("no metrics returned matched known pods");
    }
    return (int) (total * 100 / requested);
  }

  private static long mean(Map<String, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum() / values.size();
  }

  private Evaluation ofPods(MetricSpec spec) {
    String metric = spec.getPods().getMetric().getName();
    String reason = "FailedGetPodsMetric";
    String what = "failed to get pods metric value: unable to get metric " + metric + ": ";
    return asked(
        new MetricQuery.OfPods(
            namespace, metric, spec.getPods().getMetric().getSelector(), target.pods()),
        reason,
        what,
        document -> {
          Map<String, PodMetric> values = PodMetric.ofPods(document);
          if (values.isEmpty()) {
            return new Unknown(reason, what + "no metrics returned from custom metrics API");
          }
          try {
            return average(
                spec.getPods().getTarget(),
                "",
                "pods metric " + metric,
                values,
                current ->
                    new MetricStatusBuilder()
                        .withType("Pods")
                        .withNewPods()
                        .withCurrent(current)
                        .withMetric(spec.getPods().getMetric())
                        .endPods()
                        .build());
          } catch (MetricFailure failure) {
            return new Unknown(reason, "failed to get pods metric value: " + failure.getMessage());
          }
        });
  }

  private Evaluation ofObject(MetricSpec spec) {
    var object = spec.getObject().getDescribedObject();
    String metric = spec.getObject().getMetric().getName();
    String reason = "FailedGetObjectMetric";
    return asked(
        new MetricQuery.OfObject(
            namespace,
            object.getApiVersion() == null ? "v1" : object.getApiVersion(),
            object.getKind(),
            object.getName(),
            metric,
            spec.getObject().getMetric().getSelector()),
        reason,
        "failed to get object metric value: unable to get metric %s: %s on %s %s: "
            .formatted(metric, object.getKind(), namespace, object.getName()),
        document -> {
          JsonNode value = document.at("/items/0/value");
          if (!value.isTextual()) {
            return new Unknown(reason, "failed to get object metric value: no value was returned");
          }
          return whole(
              PodMetric.milli(new Quantity(value.asText())),
              spec.getObject().getTarget(),
              "%s metric %s".formatted(object.getKind(), metric),
              current ->
                  new MetricStatusBuilder()
                      .withType("Object")
                      .withNewObject()
                      .withCurrent(current)
                      .withDescribedObject(object)
                      .withMetric(spec.getObject().getMetric())
                      .endObject()
                      .build());
        });
  }

  private Evaluation external(MetricSpec spec) {
    String metric = spec.getExternal().getMetric().getName();
    LabelSelector selector = spec.getExternal().getMetric().getSelector();
    String reason = "FailedGetExternalMetric";
    String what = "failed to get %s external metric value: ".formatted(metric);
    return asked(
        new MetricQuery.External(namespace, metric, selector),
        reason,
        what + "unable to get external metric %s/%s: ".formatted(namespace, metric),
        document -> {
          if (document.path("items").isEmpty()) {
            return new Unknown(reason, what + "no metrics returned from external metrics API");
          }
          long sum = 0;
          for (JsonNode item : document.path("items")) {
            sum += PodMetric.milli(new Quantity(item.path("value").asText()));
          }
          return whole(
              sum,
              spec.getExternal().getTarget(),
              "external metric %s(%s)".formatted(metric, Selectors.text(selector)),
              current ->
                  new MetricStatusBuilder()
                      .withType("External")
                      .withNewExternal()
                      .withCurrent(current)
                      .withMetric(spec.getExternal().getMetric())
                      .endExternal()
                      .build());
        });
  }

  /** A value that is one for all replicas together. */
  private Evaluation whole(
      long milli,
      MetricTarget wanted,
      String name,
      Function<MetricValueStatus, MetricStatus> status) {
    if (AVERAGE_VALUE.equals(wanted.getType())) {
      long each = PodMetric.milli(wanted.getAverageValue());
      int there = target.observedReplicas();
      double ratio = there == 0 ? Double.MAX_VALUE : (double) milli / (each * (double) there);
      int replicas = tolerance.covers(ratio) ? there : PodCount.ceil((double) milli / each);
      long share = there == 0 ? milli : Math.ceilDiv(milli, there);
      return new Proposed(
          replicas,
          name,
          status.apply(new MetricValueStatus(null, PodMetric.quantity(share), null)));
    }
    double ratio = (double) milli / PodMetric.milli(wanted.getValue());
    return new Proposed(
        byRatio(ratio),
        name,
        status.apply(new MetricValueStatus(null, null, PodMetric.quantity(milli))));
  }

  private int byRatio(double ratio) {
    if (target.replicas() == 0) {
      return PodCount.ceil(ratio);
    }
    if (tolerance.covers(ratio)) {
      return target.replicas();
    }
    long ready = pods.stream().filter(PodStates::isReady).count();
    return PodCount.ceil(ratio * ready);
  }

  private Evaluation asked(
      MetricQuery query, String reason, String failure, Function<JsonNode, Evaluation> evaluate) {
    Optional<MetricSource.Answer> answer = metrics.ask(query, now);
    if (answer.isEmpty()) {
      return new Evaluation.Awaited();
    }
    return switch (answer.get()) {
      case MetricSource.Failed(String message) -> new Unknown(reason, failure + message);
      case MetricSource.Found(JsonNode document) -> evaluate.apply(document);
    };
  }
}
