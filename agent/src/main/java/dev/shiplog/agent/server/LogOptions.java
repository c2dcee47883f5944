package dev.shiplog.agent.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * What of a log is wanted (core/v1 PodLogOptions).
 *
 * @param follow go on while the container runs
 * @param previous of the attempt before
 * @param tailLines only so many of the last lines; -1 for all
 * @param since only lines from here on; {@link Instant#MIN} for all
 * @param timestamps each line begins with its time
 * @param limitBytes at most so many bytes; -1 for all
 */
record LogOptions(
    boolean follow,
    boolean previous,
    long tailLines,
    Instant since,
    boolean timestamps,
    long limitBytes) {

  static final long ALL = -1;

  /**
   * Reads the options of a request.
   *
   * @throws RefusedException if one is malformed; the message names it
   */
  static LogOptions parse(Map<String, String> query, InstantSource clock) {
    return new LogOptions(
        flag(query, "follow"),
        flag(query, "previous"),
        number(query, "tailLines", n -> n >= 0, "0 or more"),
        since(query, clock),
        flag(query, "timestamps"),
        number(query, "limitBytes", n -> n > 0, "more than 0"));
  }

  private static Instant since(Map<String, String> query, InstantSource clock) {
    long seconds = number(query, "sinceSeconds", n -> n > 0, "more than 0");
    if (seconds != ALL) {
      return clock.instant().minus(Duration.ofSeconds(seconds));
    }
    String time = query.getOrDefault("sinceTime", "");
    try {
      return time.isEmpty() ? Instant.MIN : Instant.parse(time);
    } catch (DateTimeException e) {
      throw RefusedException.badRequest("sinceTime '" + time + "' is no RFC 3339 time");
    }
  }

  private static boolean flag(Map<String, String> query, String name) {
    String value = query.getOrDefault(name, "false");
    return switch (value) {
      case "true", "1", "" -> true;
      case "false", "0" -> false;
      default -> throw RefusedException.badRequest(name + " must be true or false, not " + value);
    };
  }

  private static long number(
      Map<String, String> query, String name, LongPredicate allowed, String wanted) {
    String value = query.getOrDefault(name, "");
    if (value.isEmpty()) {
      return ALL;
    }
    try {
      long number = Long.parseLong(value);
      if (allowed.test(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same refusal.
    }
    throw RefusedException.badRequest(name + " must be " + wanted + ", not " + value);
  }
}
