package dev.shiplog.api.schema.custom;

/**
 * How large a text, a list or a map may be: the numbers of its characters, items or entries. Sums
 * and products stop at the largest number.
 */
record CelRange(long min, long max) {

  /** Of which nothing is known. */
  static final CelRange UNKNOWN = new CelRange(0, Long.MAX_VALUE);

  static CelRange exactly(long size) {
    return new CelRange(size, size);
  }

  CelRange plus(CelRange other) {
    return new CelRange(sum(min, other.min), sum(max, other.max));
  }

  CelRange times(CelRange other) {
    return new CelRange(product(min, other.min), product(max, other.max));
  }

  /** One that holds what either of the two may be. */
  CelRange or(CelRange other) {
    return new CelRange(Math.min(min, other.min), Math.max(max, other.max));
  }

  static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  static long product(long one, long other) {
    return other != 0 && one > Long.MAX_VALUE / other ? Long.MAX_VALUE : one * other;
  }

  /** A share of a number, rounded up. */
  static long share(long of, double factor) {
    return (long) Math.ceil(of * factor); // a cast stops at the largest number too
  }
}
