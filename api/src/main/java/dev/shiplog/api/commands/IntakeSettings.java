package dev.shiplog.api.commands;

import java.time.Duration;

/**
 * Bounds of the intake of commands.
 *
 * @param attemptTimeout how long a command may take before the applied state is asked what became
 *     of it, and it is tried again
 * @param retryAfter pause before the same command is tried again, and before the log is
 */
public record IntakeSettings(Duration attemptTimeout, Duration retryAfter) {

  /** Longer than any commit may take before it is answered. */
  public static final IntakeSettings STANDARD =
      new IntakeSettings(Duration.ofSeconds(60), Duration.ofMillis(200));
}
