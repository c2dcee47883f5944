package dev.shiplog.agent.simulated;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration, or one between two bounds that differs from container to container.
 *
 * @param from the least
 * @param to the most; the same where it does not differ
 */
record Delay(Duration from, Duration to) {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  /**
   * What a text means: {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}, or two of them with two
   * dots between.
   *
   * @throws IllegalArgumentException if it is none; the message says how one looks
   */
  static Delay parse(String text) {
    String[] bounds = text.strip().split("\\.\\.", -1);
    if (bounds.length > 2) {
      throw wrong(text);
    }
    Duration from = duration(bounds[0], text);
    Duration to = bounds.length == 1 ? from : duration(bounds[1], text);
    if (to.compareTo(from) < 0) {
      throw new IllegalArgumentException("\"" + text + "\" ends before it begins");
    }
    return new Delay(from, to);
  }

  /**
   * One within the bounds.
   *
   * @param dice chooses it: the same leads to the same
   */
  Duration choose(long dice) {
    long range = to.minus(from).toMillis();
    return range == 0 ? from : from.plusMillis(Math.floorMod(dice, range + 1));
  }

  private static Duration duration(String text, String whole) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw wrong(whole);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no duration such as 500ms, 2s, 5m or 2s..10s");
  }
}
