package dev.shiplog.agent.probes;

/** What a probe finds out. */
public enum ProbeKind {
  STARTUP("Startup", "startup"),
  LIVENESS("Liveness", "liveness"),
  READINESS("Readiness", "readiness");

  private final String title;
  private final String word;

  ProbeKind(String title, String word) {
    this.title = title;
    this.word = word;
  }

  /** At the start of a message. */
  public String title() {
    return title;
  }

  /** Within a message. */
  public String word() {
    return word;
  }
}
