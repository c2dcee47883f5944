package dev.shiplog.e2e.consistency;

import java.util.List;

/**
 * All that one watch brought.
 *
 * @param after the revision it began after
 * @param upTo it brought everything up to this one: that of its last event or bookmark
 */
record Watched(long after, long upTo, List<Event> events) {
  Watched {
    events = List.copyOf(events);
  }
}
