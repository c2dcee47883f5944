package dev.shiplog.api.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How much of something each user holds, up to a bound. Any thread. */
final class PerUser {

  private final Map<String, Integer> held = new ConcurrentHashMap<>();
  private final int most;

  PerUser(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  /** Takes so much for a user; false, and nothing is taken, if it would be too much. */
  boolean take(String user, int amount) {
    boolean[] taken = {true};
    held.compute(
        user,
        (name, before) -> {
          int now = before == null ? 0 : before;
          taken[0] = amount <= most - now;
          return taken[0] ? Integer.valueOf(now + amount) : before;
        });
    return taken[0];
  }

  /** Gives back what was taken. */
  void give(String user, int amount) {
    held.computeIfPresent(user, (name, now) -> now <= amount ? null : now - amount);
  }
}
