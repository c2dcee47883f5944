package dev.shiplog.streams.controllers.autoscaling;

import dev.shiplog.streams.kit.Selectors;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A question that no topic answers; the API server does, or a server that it hands it on to. */
public sealed interface MetricQuery {

  /** What the containers of pods use: a {@code PodMetricsList}. */
  record Resources(String namespace, LabelSelector pods) implements MetricQuery {}

  /** A metric that somebody reports for each pod: a {@code MetricValueList}. */
  record OfPods(String namespace, String metric, LabelSelector metrics, LabelSelector pods)
      implements MetricQuery {}

  /** A metric of one object in the namespace: a {@code MetricValueList} of one. */
  record OfObject(
      String namespace,
      String apiVersion,
      String kind,
      String name,
      String metric,
      LabelSelector metrics)
      implements MetricQuery {}

  /** A metric of something outside of the cluster: an {@code ExternalMetricValueList}. */
  record External(String namespace, String metric, LabelSelector metrics) implements MetricQuery {}

  /** The {@code Scale} of an object that is no built-in workload. */
  record ScaleOf(String namespace, String apiVersion, String kind, String name)
      implements MetricQuery {}

  /**
   * The path to ask at.
   *
   * @param resource {@code plural.group} for {@link OfObject}, {@code plural} for {@link ScaleOf}
   */
  default String path(String resource) {
    return switch (this) {
      case Resources(var namespace, var pods) ->
          "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods" + query(pods, null);
      case OfPods(var namespace, var metric, var metrics, var pods) ->
          "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/pods/*/%s%s"
              .formatted(namespace, metric, query(pods, metrics));
      case OfObject(var namespace, _, var kind, _, var metric, var metrics)
          when kind.equals("Namespace") ->
          "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/metrics/%s%s"
              .formatted(namespace, metric, query(null, metrics));
      case OfObject(var namespace, _, _, var name, var metric, var metrics) ->
          "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/%s/%s/%s%s"
              .formatted(namespace, resource, name, metric, query(null, metrics));
      case External(var namespace, var metric, var metrics) ->
          "/apis/external.metrics.k8s.io/v1beta1/namespaces/%s/%s%s"
              .formatted(namespace, metric, query(metrics, null));
      case ScaleOf(var namespace, var apiVersion, _, var name) ->
          "%s/namespaces/%s/%s/%s/scale"
              .formatted(versionPath(apiVersion), namespace, resource, name);
    };
  }

  /** Where the resources of a version are listed. */
  static String versionPath(String apiVersion) {
    return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
  }

  private static String query(LabelSelector labels, LabelSelector metrics) {
    String first = parameter("labelSelector", labels);
    String second = parameter("metricLabelSelector", metrics);
    String both = first.isEmpty() || second.isEmpty() ? first + second : first + "&" + second;
    return both.isEmpty() ? "" : "?" + both;
  }

  private static String parameter(String name, LabelSelector selector) {
    return Selectors.isEmpty(selector)
        ? ""
        : name + "=" + URLEncoder.encode(Selectors.text(selector), StandardCharsets.UTF_8);
  }
}
