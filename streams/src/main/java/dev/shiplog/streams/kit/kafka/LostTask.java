package dev.shiplog.streams.kit.kafka;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells when a task does not come back. Kafka Streams restores a task once more after a command of
 * it was lost on its way to Kafka; one that it lost track of meanwhile would leave its process
 * silent for good, with nothing in the log. One thread looks.
 */
final class LostTask {

  /** Longer than it takes to restore the largest views from a Kafka that is busy. */
  static final Duration RESTORED_BY = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private OptionalLong since = OptionalLong.empty();

  LostTask(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Takes in how it is now.
   *
   * @param isOurs whether the task is this process's, by Kafka's account
   * @param isDone whether its application acts
   * @return whether it has been ours and undone for too long; then the time begins anew
   */
  boolean isLost(boolean isOurs, boolean isDone) {
    if (!isOurs || isDone) {
      since = OptionalLong.empty();
      return false;
    }
    long now = nanoTime.getAsLong();
    boolean lost = since.isPresent() && now - since.getAsLong() > RESTORED_BY.toNanos();
    since = OptionalLong.of(lost ? now : since.orElse(now));
    return lost;
  }
}
