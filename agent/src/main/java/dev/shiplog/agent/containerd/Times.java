package dev.shiplog.agent.containerd;

import java.time.Instant;

/** CRI's times: nanoseconds since the epoch, where 0 stands for never. */
final class Times {

  private Times() {}

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }

  static Instant instantOrNull(long nanos) {
    return nanos == 0 ? null : instant(nanos);
  }
}
