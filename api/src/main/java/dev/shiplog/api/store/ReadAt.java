package dev.shiplog.api.store;

/** At which revision a read is to be answered. */
public sealed interface ReadAt {

  /** At least everything acknowledged before the read was asked for, by any server. */
  record Latest() implements ReadAt {}

  /** Whatever is at hand ({@code resourceVersion=0}). */
  record Any() implements ReadAt {}

  /**
   * At this revision or later; waited for, then {@code ResourceVersionTooLarge}.
   *
   * @param revision positive
   */
  record NotOlderThan(long revision) implements ReadAt {}

  /**
   * Exactly this revision, from memory. Where that does not go back so far for a resource, the
   * snapshot's methods throw {@code Expired} for it, and {@link Store#past} may still give it.
   *
   * @param revision positive
   */
  record Exactly(long revision) implements ReadAt {}
}
