package dev.shiplog.streams.controllers.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;

/** What came of looking at one metric of an autoscaler. */
sealed interface Evaluation {

  /**
   * It calls for so many replicas.
   *
   * @param metric its name, for people
   */
  record Proposed(int replicas, String metric, MetricStatus status) implements Evaluation {}

  /**
   * It cannot be told.
   *
   * @param reason for machines
   * @param message for people
   */
  record Unknown(String reason, String message) implements Evaluation {}

  /** It has been asked for. */
  record Awaited() implements Evaluation {}
}
