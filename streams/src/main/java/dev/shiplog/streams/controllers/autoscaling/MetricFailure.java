package dev.shiplog.streams.controllers.autoscaling;

/** A metric says nothing; the message says why, for people. */
final class MetricFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MetricFailure(String message) {
    super(message);
  }
}
