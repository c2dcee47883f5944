package dev.shiplog.streams.kit.core;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Keys to look at, each at most once, in the order they came; and keys to look at when their time
 * has come. Its size is bounded by the number of keys there are.
 */
final class WorkQueue {

  private final LinkedHashSet<String> ready = new LinkedHashSet<>();
  private final Map<String, Instant> timers = new HashMap<>();
  private final PriorityQueue<Timer> byTime = new PriorityQueue<>();

  private record Timer(Instant at, String key) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return at.compareTo(other.at);
    }
  }

  void add(String key) {
    ready.add(key);
  }

  /** Looks at the key then, instead of at a time set before. */
  void addAt(String key, Instant at) {
    timers.put(key, at);
    byTime.add(new Timer(at, key));
    if (byTime.size() > 2 * timers.size() + 64) {
      dropReplaced();
    }
  }

  private void dropReplaced() {
    byTime.clear();
    timers.forEach((key, at) -> byTime.add(new Timer(at, key)));
  }

  void cancelTimer(String key) {
    timers.remove(key);
  }

  /** Makes those ready whose time has come. */
  void advanceTo(Instant now) {
    while (!byTime.isEmpty() && !byTime.peek().at().isAfter(now)) {
      Timer timer = byTime.poll();
      if (timers.remove(timer.key(), timer.at())) {
        ready.add(timer.key());
      }
    }
  }

  /** Takes the next key. */
  Optional<String> poll() {
    Iterator<String> keys = ready.iterator();
    if (!keys.hasNext()) {
      return Optional.empty();
    }
    String key = keys.next();
    keys.remove();
    return Optional.of(key);
  }

  int depth() {
    return ready.size();
  }
}
