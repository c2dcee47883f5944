package dev.shiplog.scheduler.metrics;

/** The steps of scheduling, by the names of the scheduling framework. */
public enum ExtensionPoint {
  PRE_FILTER("PreFilter"),
  FILTER("Filter"),
  POST_FILTER("PostFilter"),
  SCORE("Score"),
  RESERVE("Reserve"),
  PERMIT("Permit"),
  /** From the moment a pod is to be bound until it was read as bound. */
  BIND("Bind");

  private final String text;

  ExtensionPoint(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
