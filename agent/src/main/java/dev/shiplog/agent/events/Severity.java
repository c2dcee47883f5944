package dev.shiplog.agent.events;

/** The type of an Event. */
public enum Severity {
  NORMAL("Normal"),
  WARNING("Warning");

  private final String text;

  Severity(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
