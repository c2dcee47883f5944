package dev.shiplog.e2e.consistency;

import dev.shiplog.e2e.consistency.Call.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Everything that took effect, by revision; and what there was at each of them. */
final class Timeline {

  private final NavigableMap<Long, Event> events = new TreeMap<>();
  private final Map<String, NavigableMap<Long, Event>> byKey = new HashMap<>();
  private final Map<String, Event> byContent = new HashMap<>();

  /**
   * Makes one of a complete watch.
   *
   * @throws AssertionError if its revisions do not strictly increase, or one write is in it twice
   */
  Timeline(List<Event> watched) {
    for (Event event : watched) {
      if (!events.isEmpty() && event.revision() <= events.lastKey()) {
        throw new AssertionError(event + " comes after revision " + events.lastKey());
      }
      if (event.content() != null && byContent.put(event.content(), event) != null) {
        throw new AssertionError(event + " was applied twice");
      }
      events.put(event.revision(), event);
      byKey.computeIfAbsent(event.key(), _ -> new TreeMap<>()).put(event.revision(), event);
    }
  }

  Event at(long revision) {
    return events.get(revision);
  }

  /** The changes after one revision up to another. */
  List<Event> between(long after, long upTo) {
    return List.copyOf(events.subMap(after, false, upTo, true).values());
  }

  /** The event that left the content; null if none did. */
  Event of(String content) {
    return byContent.get(content);
  }

  /** The key's last event up to a revision; null if there is none. */
  Event last(String key, long upTo) {
    var entry = byKey.getOrDefault(key, new TreeMap<>()).floorEntry(upTo);
    return entry == null ? null : entry.getValue();
  }

  /** The key's next event after a revision; null if there is none. */
  Event next(String key, long after) {
    var entry = byKey.getOrDefault(key, new TreeMap<>()).higherEntry(after);
    return entry == null ? null : entry.getValue();
  }

  /** Everything there was at a revision. */
  Map<String, Version> state(long revision) {
    Map<String, Version> state = new HashMap<>();
    byKey
        .keySet()
        .forEach(key -> {
          Event last = last(key, revision);
          if (last != null && last.content() != null) {
            state.put(key, new Version(last.revision(), last.content()));
          }
        });
    return state;
  }
}
