package dev.shiplog.api.schema.decoding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource: {@code 100m}, {@code 2}, {@code 1Gi}, {@code 5e3}. Keeps the family of
 * suffixes it was written with; {@link #toString} is the canonical form, in which equal amounts of
 * one family read alike.
 *
 * @param amount exact to a billionth, rounded away from zero beyond that
 */
public record Quantity(BigDecimal amount, Family family) implements Comparable<Quantity> {

  /** How a quantity is written. */
  public enum Family {
    /** Ki, Mi, Gi: powers of 1024. */
    BINARY,
    /** n, u, m, k, M, G: powers of 1000. */
    DECIMAL,
    /** e3, E6. */
    EXPONENT
  }

  private static final Pattern FORM =
      Pattern.compile("([+-]?)([0-9]*)(\\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)");
  private static final Pattern EXPONENT = Pattern.compile("[eE][-+]?[0-9]{1,4}");
  private static final String MALFORMED =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  private static final String UNKNOWN_SUFFIX = "unable to parse quantity's suffix";

  private static final String[] DECIMAL_SUFFIXES = {
    "n", "u", "m", "", "k", "M", "G", "T", "P", "E"
  };
  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final BigInteger STEP = BigInteger.valueOf(1024);
  private static final BigDecimal BINARY_FROM = BigDecimal.valueOf(1024);
  private static final int FINEST = -9;

  private static final Map<String, Integer> DECIMAL_POWERS =
      Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

  /** Longer than any amount that means something; keeps the arithmetic small. */
  private static final int LONGEST = 128;

  /**
   * Reads a quantity.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Quantity parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > LONGEST || !form.matches() || digits(form).isEmpty()) {
      throw new IllegalArgumentException(MALFORMED);
    }
    String fraction = form.group(4) == null ? "" : form.group(4);
    BigDecimal number =
        new BigDecimal(new BigInteger(form.group(1) + digits(form)), fraction.length());
    return scaled(number, form.group(5));
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  public Quantity plus(Quantity other) {
    return new Quantity(amount.add(other.amount), isZero() ? other.family : family);
  }

  public Quantity minus(Quantity other) {
    return new Quantity(amount.subtract(other.amount), family);
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  /** The canonical form. */
  @Override
  public String toString() {
    if (isZero()) {
      return "0";
    }
    return switch (family) {
      case BINARY -> isBinary() ? binary() : decimal(Family.DECIMAL);
      case DECIMAL, EXPONENT -> decimal(family);
    };
  }

  private static String digits(Matcher form) {
    return form.group(2) + (form.group(4) == null ? "" : form.group(4));
  }

  private static Quantity scaled(BigDecimal number, String suffix) {
    Integer power = DECIMAL_POWERS.get(suffix);
    if (power != null) {
      return new Quantity(rounded(number.scaleByPowerOfTen(power)), Family.DECIMAL);
    }
    for (int i = 1; i < BINARY_SUFFIXES.length; i++) {
      if (BINARY_SUFFIXES[i].equals(suffix)) {
        return new Quantity(rounded(number.multiply(new BigDecimal(STEP.pow(i)))), Family.BINARY);
      }
    }
    if (!EXPONENT.matcher(suffix).matches()) {
      throw new IllegalArgumentException(UNKNOWN_SUFFIX);
    }
    int exponent = Integer.parseInt(suffix.substring(1).replace("+", ""));
    return new Quantity(rounded(number.scaleByPowerOfTen(exponent)), Family.EXPONENT);
  }

  private static BigDecimal rounded(BigDecimal number) {
    return number.scale() > -FINEST ? number.setScale(-FINEST, RoundingMode.UP) : number;
  }

  /** Small and broken amounts lose their binary suffix rather than their precision. */
  private boolean isBinary() {
    return amount.abs().compareTo(BINARY_FROM) >= 0 && amount.stripTrailingZeros().scale() <= 0;
  }

  private String binary() {
    BigInteger number = amount.toBigIntegerExact();
    int power = 0;
    while (power < BINARY_SUFFIXES.length - 1 && number.mod(STEP).signum() == 0) {
      number = number.divide(STEP);
      power++;
    }
    return number + BINARY_SUFFIXES[power];
  }

  private String decimal(Family form) {
    BigDecimal plain = amount.stripTrailingZeros();
    int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
    // Beyond E there is no suffix, so the number gets the zeros.
    int shown = form == Family.DECIMAL ? Math.clamp(exponent, FINEST, 18) : exponent;
    BigInteger number = plain.scaleByPowerOfTen(-shown).toBigIntegerExact();
    if (form == Family.DECIMAL) {
      return number + DECIMAL_SUFFIXES[(shown - FINEST) / 3];
    }
    return shown == 0 ? number.toString() : number + "e" + shown;
  }
}
