package dev.shiplog.api.request;

import dev.shiplog.api.store.ReadAt;
import java.util.Optional;

/**
 * Which state a list shows, and how much of it.
 *
 * @param at the state; where there is a continuation, that says it
 * @param limit most objects on a page; 0 for all
 * @param continuation where the page before ended
 */
public record ListOptions(ReadAt at, int limit, Optional<Continuation> continuation) {

  /** Everything, as it is now. */
  public static final ListOptions ALL = new ListOptions(new ReadAt.Latest(), 0, Optional.empty());
}
