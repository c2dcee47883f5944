package dev.shiplog.streams.controllers.autoscaling;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;

/** How far from its target a metric may be without anything being done. */
record Tolerance(double up, double down) {

  private static final double USUAL = 0.1;

  /** As the behavior says; it may be null. */
  static Tolerance of(HorizontalPodAutoscalerBehavior behavior) {
    return behavior == null
        ? new Tolerance(USUAL, USUAL)
        : new Tolerance(of(behavior.getScaleUp()), of(behavior.getScaleDown()));
  }

  private static double of(HPAScalingRules rules) {
    Quantity tolerance = rules == null ? null : rules.getTolerance();
    return tolerance == null ? USUAL : tolerance.getNumericalAmount().doubleValue();
  }

  boolean covers(double ratio) {
    return 1 - down <= ratio && ratio <= 1 + up;
  }
}
