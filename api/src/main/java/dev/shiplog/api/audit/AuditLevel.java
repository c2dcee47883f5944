package dev.shiplog.api.audit;

/** How much is written about a request; each level holds what those before it do. */
public enum AuditLevel {
  NONE("None"),
  /** Who asked what, and what came of it. */
  METADATA("Metadata"),
  /** Of a change: the state after it too. */
  REQUEST("Request"),
  /** Of a change: the state before it too. */
  REQUEST_RESPONSE("RequestResponse");

  private final String text;

  AuditLevel(String text) {
    this.text = text;
  }

  /** As Events and policies spell it. */
  public String text() {
    return text;
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is another word
   */
  static AuditLevel parse(String text) {
    for (AuditLevel level : values()) {
      if (level.text.equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "level must be None, Metadata, Request or RequestResponse, not " + text);
  }
}
