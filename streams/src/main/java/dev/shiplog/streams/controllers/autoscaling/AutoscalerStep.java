package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.controllers.autoscaling.AutoscalerConditions.ABLE;
import static dev.shiplog.streams.controllers.autoscaling.AutoscalerConditions.ACTIVE;
import static dev.shiplog.streams.controllers.autoscaling.AutoscalerConditions.LIMITED;
import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;

import dev.shiplog.streams.controllers.autoscaling.Evaluation.Proposed;
import dev.shiplog.streams.controllers.autoscaling.Evaluation.Unknown;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One look at one autoscaler whose target is there. */
final class AutoscalerStep {

  private final HorizontalPodAutoscaler autoscaler;
  private final ScaleTarget target;
  private final ScalingHistory.OfOne history;
  private final Instant now;
  private final AutoscalerConditions conditions;
  private final Reconciliation.Builder result = Reconciliation.builder();
  private final int least;
  private final int most;

  AutoscalerStep(
      HorizontalPodAutoscaler autoscaler,
      ScaleTarget target,
      ScalingHistory.OfOne history,
      Instant now) {
    this.autoscaler = autoscaler;
    this.target = target;
    this.history = history;
    this.now = now;
    this.conditions = new AutoscalerConditions(autoscaler, now);
    Integer minimum = autoscaler.getSpec().getMinReplicas();
    this.least = minimum == null ? 1 : minimum;
    this.most = autoscaler.getSpec().getMaxReplicas();
  }

  /** Whether metrics decide: not for a target that is switched off or beyond its bounds. */
  boolean needsMetrics() {
    boolean off = target.replicas() == 0 && least != 0;
    return !off && target.replicas() >= least && target.replicas() <= most;
  }

  /**
   * Decides.
   *
   * @param evaluations one for each metric, none awaited; empty unless metrics decide
   */
  Reconciliation decide(List<Evaluation> evaluations) {
    conditions.set(
        ABLE,
        true,
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale");
    if (history.recommended().isEmpty()) {
      history.recommend(target.replicas(), now);
    }
    int current = target.replicas();
    if (current == 0 && least != 0) {
      conditions.set(
          ACTIVE,
          false,
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero");
      return finish(0, statuses());
    }
    if (current > most) {
      return scale(most, "Current number of replicas above Spec.MaxReplicas", statuses());
    }
    if (current < least) {
      return scale(least, "Current number of replicas below Spec.MinReplicas", statuses());
    }
    return byMetrics(evaluations);
  }

  private Reconciliation byMetrics(List<Evaluation> evaluations) {
    List<Proposed> proposed = only(evaluations, Proposed.class);
    List<Unknown> unknown = only(evaluations, Unknown.class);
    List<MetricStatus> statuses = proposed.stream().map(Proposed::status).toList();
    unknown.forEach(it -> warn(it.reason(), it.message()));
    Optional<Proposed> largest = proposed.stream().max(Comparator.comparingInt(Proposed::replicas));
    // A metric that is not known might call for more than those that are.
    boolean tooFewKnown =
        !unknown.isEmpty() && (largest.isEmpty() || largest.get().replicas() < target.replicas());
    if (tooFewKnown) {
      return giveUp(unknown, evaluations.size(), statuses);
    }
    Proposed chosen = largest.orElseThrow();
    conditions.set(
        ACTIVE,
        true,
        "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from " + chosen.metric());
    int wanted = bounded(chosen.replicas());
    String reason =
        chosen.replicas() > target.replicas()
            ? chosen.metric() + " above target"
            : "All metrics below target";
    return wanted == target.replicas() ? finish(wanted, statuses) : scale(wanted, reason, statuses);
  }

  private Reconciliation giveUp(List<Unknown> unknown, int metrics, List<MetricStatus> statuses) {
    Unknown first = unknown.getFirst();
    conditions.set(
        ACTIVE,
        false,
        first.reason(),
        "the HPA was unable to compute the replica count: " + first.message());
    warn(
        "FailedComputeMetricsReplicas",
        "invalid metrics (%d invalid out of %d), first error is: %s"
            .formatted(unknown.size(), metrics, first.message()));
    return finish(target.replicas(), statuses);
  }

  /** The number that metrics call for, as far as the behavior lets it through. */
  private int bounded(int desired) {
    ScalingRules rules = ScalingRules.of(autoscaler.getSpec().getBehavior());
    int current = target.replicas();
    int stabilized = rules.stabilized(current, desired, history.recommended(), now);
    history.recommend(desired, now);
    if (stabilized == desired) {
      conditions.set(ABLE, true, "ReadyForNewScale", "recommended size matches current size");
    } else if (stabilized > desired) {
      conditions.set(
          ABLE,
          true,
          "ScaleDownStabilized",
          "recent recommendations were higher than current one, applying the highest recent"
              + " recommendation");
    } else {
      conditions.set(
          ABLE,
          true,
          "ScaleUpStabilized",
          "recent recommendations were lower than current one, applying the lowest recent"
              + " recommendation");
    }
    return stabilized > current
        ? notAbove(stabilized, Math.max(current, rules.highest(current, history, now)))
        : notBelow(stabilized, Math.min(current, rules.lowest(current, history, now)));
  }

  private int notAbove(int wanted, int fastest) {
    int limit = Math.min(most, fastest);
    if (wanted <= limit) {
      return within(wanted);
    }
    if (most > fastest) {
      limited(
          "ScaleUpLimit",
          "the desired replica count is increasing faster than the maximum scale rate");
    } else {
      limited(
          "TooManyReplicas", "the desired replica count is more than the maximum replica count");
    }
    return limit;
  }

  private int notBelow(int wanted, int fastest) {
    int limit = Math.max(least, fastest);
    if (wanted >= limit) {
      return within(wanted);
    }
    if (least < fastest) {
      limited(
          "ScaleDownLimit",
          "the desired replica count is decreasing faster than the maximum scale rate");
    } else {
      limited("TooFewReplicas", "the desired replica count is less than the minimum replica count");
    }
    return limit;
  }

  private int within(int wanted) {
    conditions.set(
        LIMITED, false, "DesiredWithinRange", "the desired count is within the acceptable range");
    return wanted;
  }

  private void limited(String reason, String message) {
    conditions.set(LIMITED, true, reason, message);
  }

  private Reconciliation scale(int wanted, String reason, List<MetricStatus> statuses) {
    result.command(target.scaleTo(wanted));
    conditions.set(
        ABLE,
        true,
        "SucceededRescale",
        "the HPA controller was able to update the target scale to " + wanted);
    result.event(
        EventRequest.normal(
            HORIZONTAL_POD_AUTOSCALERS,
            autoscaler,
            "SuccessfulRescale",
            "New size: %d; reason: %s".formatted(wanted, reason)));
    history.scaled(target.replicas(), wanted, now);
    return finish(wanted, statuses);
  }

  private Reconciliation finish(int desired, List<MetricStatus> statuses) {
    HorizontalPodAutoscalerStatus before = autoscaler.getStatus();
    String scaled = before == null ? null : before.getLastScaleTime();
    HorizontalPodAutoscalerStatus after =
        new HorizontalPodAutoscalerStatusBuilder()
            .withObservedGeneration(autoscaler.getMetadata().getGeneration())
            .withCurrentReplicas(target.replicas())
            .withDesiredReplicas(desired)
            .withCurrentMetrics(statuses)
            .withConditions(conditions.all())
            .withLastScaleTime(
                result.hasCommands() ? now.truncatedTo(ChronoUnit.SECONDS).toString() : scaled)
            .build();
    HorizontalPodAutoscaler wanted =
        new HorizontalPodAutoscalerBuilder(autoscaler).withStatus(after).build();
    Commands.changeStatus(HORIZONTAL_POD_AUTOSCALERS, autoscaler, wanted)
        .ifPresent(result::command);
    return result.build();
  }

  private void warn(String reason, String message) {
    result.event(EventRequest.warning(HORIZONTAL_POD_AUTOSCALERS, autoscaler, reason, message));
  }

  private List<MetricStatus> statuses() {
    return autoscaler.getStatus() == null ? List.of() : autoscaler.getStatus().getCurrentMetrics();
  }

  private static <T> List<T> only(List<Evaluation> evaluations, Class<T> type) {
    return evaluations.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
