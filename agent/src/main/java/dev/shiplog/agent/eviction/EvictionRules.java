package dev.shiplog.agent.eviction;

import dev.shiplog.agent.eviction.Thresholds.Threshold;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * When a node ends pods for want of something.
 *
 * @param thresholds below what it is short
 * @param transition how long a pressure that is over is told still
 */
public record EvictionRules(Thresholds thresholds, Duration transition) {

  /** Those of a node that was told nothing else. */
  public static final EvictionRules DEFAULTS =
      new EvictionRules(Thresholds.defaults(), PressureWatch.HELD_FOR);

  /** The same with another time for which a pressure is told. */
  public EvictionRules telling(Duration other) {
    if (other.isNegative()) {
      throw new IllegalArgumentException("the transition period is negative");
    }
    return new EvictionRules(thresholds, other);
  }

  /**
   * The same with other thresholds.
   *
   * @param text {@code SIGNAL<AMOUNT,…} as the kubelet's {@code --eviction-hard}; an amount may be
   *     a part of a hundred. Signals that are not named are not looked at
   * @throws IllegalArgumentException if it is not of that form
   */
  public EvictionRules endingBelow(String text) {
    Map<Signal, Threshold> bySignal = new EnumMap<>(Signal.class);
    for (String part : text.split(",")) {
      String[] sides = part.strip().split("<", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException(
            "\"" + part + "\" is not of the form memory.available<100Mi");
      }
      bySignal.put(signal(sides[0].strip()), threshold(sides[1].strip()));
    }
    return new EvictionRules(new Thresholds(bySignal), transition);
  }

  private static Signal signal(String text) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no signal \""
                    + text
                    + "\", but "
                    + Arrays.stream(Signal.values()).map(Signal::text).toList()));
  }

  private static Threshold threshold(String text) {
    try {
      if (text.endsWith("%")) {
        return percent(Double.parseDouble(text.substring(0, text.length() - 1)));
      }
      long amount = new Quantity(text).getNumericalAmount().longValueExact();
      if (amount < 0) {
        throw new IllegalArgumentException("a threshold cannot be negative: " + text);
      }
      return Threshold.amount(amount);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" is neither an amount nor a part", e);
    }
  }

  private static Threshold percent(double part) {
    if (!(part >= 0 && part < 100)) {
      throw new IllegalArgumentException("a part must be between 0% and 100%, not " + part + "%");
    }
    return Threshold.percent(part);
  }
}
