package dev.shiplog.api.store;

import java.util.List;

/**
 * One watcher's place in a resource's events. It costs nothing while idle, and being slow costs
 * nobody else anything. Used by one thread at a time.
 */
public interface EventCursor extends AutoCloseable {

  /**
   * The next events, oldest first; empty if there is none yet. Never blocks. The store's current
   * state already has what they tell of.
   *
   * @param atMost how many
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired} if this cursor fell behind what is
   *     kept; list again
   */
  List<StoredEvent> poll(int atMost);

  /**
   * Everything of this resource up to this revision has been returned by {@link #poll}: what a
   * bookmark may say. It grows with the cluster's revision, also while the resource rests.
   */
  long seenRevision();

  /**
   * Runs the callback once, as soon as {@link #poll} may return something; at once if it may now.
   */
  void whenAvailable(Runnable callback);

  @Override
  void close();
}
