package dev.shiplog.api.flow;

import java.util.concurrent.TimeUnit;

/** Whether anybody else is about: the last two users who asked. Guarded by {@link FlowControl}. */
final class Presence {

  /** Who asked so long ago may well be gone. */
  private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private String last = "";
  private long lastNanos;
  private String other = "";
  private long otherNanos;

  void note(String user, long now) {
    if (!user.equals(last)) {
      other = last;
      otherNanos = lastNanos;
      last = user;
    }
    lastNanos = now;
  }

  /** Whether somebody but this user asked for something lately. */
  boolean isBeside(String user, long now) {
    return user.equals(last)
        ? !other.isEmpty() && now - otherNanos < LASTS_NANOS
        : !last.isEmpty() && now - lastNanos < LASTS_NANOS;
  }
}
