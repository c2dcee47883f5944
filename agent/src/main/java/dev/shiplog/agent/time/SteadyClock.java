package dev.shiplog.agent.time;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that nobody sets: it begins as the clock of the day does, and goes on by itself. Of use
 * only beside times of the same one. Immutable.
 */
public final class SteadyClock implements InstantSource {

  private final Instant began = Instant.now();
  private final long beganNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return began.plusNanos(System.nanoTime() - beganNanos);
  }
}
