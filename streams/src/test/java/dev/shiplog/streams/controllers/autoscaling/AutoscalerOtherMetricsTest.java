package dev.shiplog.streams.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.autoscaling.MetricSource.Failed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an autoscaler makes of metrics that others serve, and of several at a time. */
final class AutoscalerOtherMetricsTest extends OnAutoscaler {

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
}
