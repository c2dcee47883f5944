package dev.shiplog.api.verbs;

import dev.shiplog.api.schema.ResourceType;
import java.util.List;

/**
 * What one watcher gets: the state it starts from, then what happens. Used by one thread at a time.
 */
public interface WatchFeed extends AutoCloseable {

  ResourceType type();

  /** Whether the client wants to be told where the initial state ends. */
  boolean announcesInitial();

  /** Whether there is initial state left; it comes before {@link #poll}. */
  boolean hasInitial();

  /** The next object of the initial state. */
  WatchEvent nextInitial();

  /**
   * The next events for this watcher. Never blocks.
   *
   * @param atMost how many changes to look at
   * @param into where they go
   * @return how many changes were looked at; if fewer than {@code atMost}, there are no more now
   * @throws dev.shiplog.api.status.ApiFailure {@code Expired}
   */
  int poll(int atMost, List<WatchEvent> into);

  /** Everything up to this revision has been seen. */
  long seenRevision();

  /** Runs the callback once, as soon as {@link #poll} may return something. */
  void whenAvailable(Runnable callback);

  @Override
  void close();
}
