package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

/** What an autoscaler makes of what pods use, and of pods of which that is not known. */
final class AutoscalerResourceMetricsTest extends OnAutoscaler {

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
}
