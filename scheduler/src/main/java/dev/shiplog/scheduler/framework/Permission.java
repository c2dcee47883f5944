package dev.shiplog.scheduler.framework;

import java.time.Duration;

/** What a {@link Permit} plugin says of a pod that is about to be bound. */
public sealed interface Permission {

  /** Waits longer than this end nevertheless. */
  Duration LONGEST_WAIT = Duration.ofMinutes(15);

  /** It may be bound, as far as this plugin is concerned. */
  record Allow() implements Permission {}

  /**
   * It may not.
   *
   * @param reason in the words of a filter: what is wrong with the node
   */
  record Deny(String reason) implements Permission {}

  /**
   * Not yet.
   *
   * @param atMost how long from the first such answer on; then the pod goes back to the queue
   */
  record Wait(Duration atMost) implements Permission {}
}
