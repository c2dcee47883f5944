package dev.shiplog.api.store;

import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Origin;

/**
 * A change as the journal has it, with who asked for it.
 *
 * @param timeMs when it was decided, milliseconds since the epoch by the leader's clock
 */
public record RecordedChange(Change change, Origin origin, long timeMs) {

  public long revision() {
    return change.revision();
  }
}
