package dev.shiplog.streams.kit.core;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Keys to look at, each at most once, in the order they came; and keys to look at when their time
 * has come. Its size is bounded by the number of keys there are.
 */
final class WorkQueue {

  private final LinkedHashMap<String, Long> ready = new LinkedHashMap<>();
  private final Map<String, Instant> timers = new HashMap<>();
  private final PriorityQueue<Timer> byTime = new PriorityQueue<>();

  private final LoopMetrics metrics;

  WorkQueue(LoopMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * A key to look at.
   *
   * @param sinceNanos when it came to the queue
   */
  record Due(String key, long sinceNanos) {}

  private record Timer(Instant at, String key) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return at.compareTo(other.at);
    }
  }

  void add(String key) {
    if (!ready.containsKey(key)) {
      ready.put(key, metrics.now());
      metrics.added();
      metrics.depth(ready.size());
    }
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
        add(timer.key());
      }
    }
  }

  /** Takes the next key. */
  Optional<Due> poll() {
    Iterator<Map.Entry<String, Long>> keys = ready.entrySet().iterator();
    if (!keys.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<String, Long> first = keys.next();
    Due due = new Due(first.getKey(), first.getValue());
    keys.remove();
    metrics.depth(ready.size());
    metrics.waited(due.sinceNanos());
    return Optional.of(due);
  }

  int depth() {
    return ready.size();
  }
}
