package dev.shiplog.streams.kit.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** How long a key that failed several times in a row waits: doubling, bounded, with jitter. */
final class Backoff {

  static final Duration FIRST = Duration.ofMillis(5);
  static final Duration LONGEST = Duration.ofSeconds(60);

  private final RandomGenerator random;
  private final Map<String, Integer> failures = new HashMap<>();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** Counts a failure; returns how many there were in a row. */
  int failed(String key) {
    return failures.merge(key, 1, Integer::sum);
  }

  void succeeded(String key) {
    failures.remove(key);
  }

  int failuresOf(String key) {
    return failures.getOrDefault(key, 0);
  }

  /** Between half of and the whole bound, so that keys that failed together spread out. */
  Duration delay(String key) {
    int doublings = Math.min(Math.max(failuresOf(key) - 1, 0), 20);
    long boundMs = Math.min(LONGEST.toMillis(), FIRST.toMillis() << doublings);
    return Duration.ofMillis(boundMs / 2 + random.nextLong(boundMs / 2 + 1));
  }
}
