package dev.shiplog.streams.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far an autoscaler goes at a time, and how long it waits. */
final class AutoscalerBoundsTest extends OnAutoscaler {

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
}
