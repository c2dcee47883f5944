package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.RefusedCommand;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an autoscaler scales, when it looks, and what it tells. */
final class AutoscalerTargetTest extends OnAutoscaler {

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
}
