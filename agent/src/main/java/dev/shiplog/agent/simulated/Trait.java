package dev.shiplog.agent.simulated;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be said of a simulated container, by an annotation of its pod or by a stage. */
enum Trait {
  /** How long it takes to start. */
  START_DELAY(Kind.DELAY),
  /** It does not start, for the reason given. */
  START_FAILURE(Kind.TEXT),
  /** After this long it ends by itself. */
  RUN_TIME(Kind.DELAY),
  /** With which it then ends. */
  EXIT_CODE(Kind.NUMBER),
  /** Why it then ended, instead of Completed or Error: OOMKilled, say. */
  EXIT_REASON(Kind.TEXT),
  /** How long it goes on after it was told to stop. */
  STOP_DELAY(Kind.DELAY),
  /** Until then its startup and readiness probes fail. */
  READY_AFTER(Kind.DELAY),
  /** From then on its readiness probes fail. */
  READY_FOR(Kind.DELAY),
  /** From then on its liveness probes fail. */
  LIVE_FOR(Kind.DELAY),
  /** What it writes when it starts. */
  LOG_LINES(Kind.TEXT),
  /** What it uses; see {@link SimulatedUsage}. */
  CPU(Kind.ELSEWHERE),
  MEMORY(Kind.ELSEWHERE);

  private static final int MOST_EXIT_CODE = 255;

  private final Kind kind;

  private enum Kind {
    DELAY,
    NUMBER,
    TEXT,
    ELSEWHERE
  }

  Trait(Kind kind) {
    this.kind = kind;
  }

  /** As it is written. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Trait> named(String text) {
    return Arrays.stream(values()).filter(trait -> trait.text().equals(text)).findFirst();
  }

  /** Those that a stage may have. */
  static String names() {
    return Arrays.stream(values())
        .filter(trait -> trait.kind != Kind.ELSEWHERE)
        .map(Trait::text)
        .collect(Collectors.joining(", "));
  }

  boolean isOfStages() {
    return kind != Kind.ELSEWHERE;
  }

  /**
   * Whether it can be that.
   *
   * @throws IllegalArgumentException if not; the message says why
   */
  void check(String value) {
    switch (kind) {
      case DELAY -> {
        Delay _ = Delay.parse(value);
      }
      case NUMBER -> {
        if (!value.matches("\\d{1,3}") || Integer.parseInt(value) > MOST_EXIT_CODE) {
          throw new IllegalArgumentException("\"" + value + "\" is no number from 0 to 255");
        }
      }
      case TEXT, ELSEWHERE -> {}
    }
  }
}
