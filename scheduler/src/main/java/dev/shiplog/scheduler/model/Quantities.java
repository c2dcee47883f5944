package dev.shiplog.scheduler.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Reads Kubernetes quantities ({@code 250m}, {@code 1.5}, {@code 64Gi}, {@code 1e3}) as longs,
 * rounded up, because a request that is rounded down could overcommit a node. Amounts past the
 * range of a long become the largest long.
 */
final class Quantities {

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int DIGITS_THAT_CANNOT_OVERFLOW = 12;

  private Quantities() {}

  /**
   * The quantity in whole units.
   *
   * @throws IllegalArgumentException if the text is no quantity
   */
  static long units(String text) {
    return scaled(text, 1);
  }

  /**
   * The quantity in thousandths.
   *
   * @throws IllegalArgumentException if the text is no quantity
   */
  static long milli(String text) {
    return scaled(text, 1000);
  }

  private static long scaled(String text, int scale) {
    int digits = 0;
    long number = 0;
    while (digits < text.length() && isDigit(text.charAt(digits))) {
      number = number * 10 + text.charAt(digits) - '0';
      digits++;
    }
    if (digits > 0 && digits <= DIGITS_THAT_CANNOT_OVERFLOW) {
      if (digits == text.length()) {
        return number * scale;
      }
      if (digits == text.length() - 1 && text.charAt(digits) == 'm') {
        return scale == 1000 ? number : Math.ceilDiv(number, 1000);
      }
    }
    return exact(text, scale);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long exact(String text, int scale) {
    try {
      int end = text.length();
      while (end > 0 && !isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != '.') {
        end--;
      }
      BigDecimal amount =
          new BigDecimal(text.substring(0, end)).multiply(unit(text.substring(end)));
      BigDecimal rounded =
          amount.multiply(BigDecimal.valueOf(scale)).setScale(0, RoundingMode.CEILING);
      return rounded.min(MAX).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a quantity: '" + text + "'", e);
    }
  }

  private static BigDecimal unit(String suffix) {
    return switch (suffix) {
      case "" -> BigDecimal.ONE;
      case "n" -> BigDecimal.valueOf(1, 9);
      case "u" -> BigDecimal.valueOf(1, 6);
      case "m" -> BigDecimal.valueOf(1, 3);
      case "k" -> BigDecimal.valueOf(1000L);
      case "M" -> BigDecimal.valueOf(1000_000L);
      case "G" -> BigDecimal.valueOf(1000_000_000L);
      case "T" -> BigDecimal.valueOf(1000_000_000_000L);
      case "P" -> BigDecimal.valueOf(1000_000_000_000_000L);
      case "E" -> BigDecimal.valueOf(1000_000_000_000_000_000L);
      case "Ki" -> BigDecimal.valueOf(1L << 10);
      case "Mi" -> BigDecimal.valueOf(1L << 20);
      case "Gi" -> BigDecimal.valueOf(1L << 30);
      case "Ti" -> BigDecimal.valueOf(1L << 40);
      case "Pi" -> BigDecimal.valueOf(1L << 50);
      case "Ei" -> BigDecimal.valueOf(1L << 60);
      default -> throw new NumberFormatException("unknown unit '" + suffix + "'");
    };
  }
}
