package dev.shiplog.streams.controllers.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** An autoscaler's conditions on their way to their next state. */
final class AutoscalerConditions {

  static final String ABLE = "AbleToScale";
  static final String ACTIVE = "ScalingActive";
  static final String LIMITED = "ScalingLimited";

  private final List<HorizontalPodAutoscalerCondition> conditions;
  private final String now;

  AutoscalerConditions(HorizontalPodAutoscaler autoscaler, Instant now) {
    this.conditions =
        autoscaler.getStatus() == null
            ? new ArrayList<>()
            : new ArrayList<>(autoscaler.getStatus().getConditions());
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Its time of transition stays unless its status changes. */
  void set(String type, boolean isTrue, String reason, String message) {
    String status = isTrue ? "True" : "False";
    for (int i = 0; i < conditions.size(); i++) {
      HorizontalPodAutoscalerCondition known = conditions.get(i);
      if (known.getType().equals(type)) {
        String since = known.getStatus().equals(status) ? known.getLastTransitionTime() : now;
        conditions.set(
            i, new HorizontalPodAutoscalerCondition(since, message, reason, status, type));
        return;
      }
    }
    conditions.add(new HorizontalPodAutoscalerCondition(now, message, reason, status, type));
  }

  List<HorizontalPodAutoscalerCondition> all() {
    return List.copyOf(conditions);
  }
}
