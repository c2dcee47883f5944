package dev.shiplog.streams.controllers.pod;

import java.math.BigInteger;

/**
 * Suffixes of names that Kubernetes would draw at random: five characters that spell no words. Here
 * they are derived from an owner's uid and an ordinal, so that asking twice for the same object
 * gives the same name. The ordinals of one owner never share a suffix.
 */
public final class NameSuffixes {

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LENGTH = 5;
  private static final int NAMES = (int) Math.pow(ALPHABET.length(), LENGTH);

  /** Prime to the number of names, so that all are visited; and far, so that neighbours differ. */
  private static final int STRIDE = 5_465_701;

  /** With it a name is still a DNS label. */
  private static final int PREFIX_MAX = 63 - LENGTH;

  private NameSuffixes() {}

  /**
   * A prefix (which ends in a dash) with a suffix.
   *
   * @param ordinal 0 or more
   */
  public static String name(String prefix, String ownerUid, int ordinal) {
    String kept = prefix.length() > PREFIX_MAX ? prefix.substring(0, PREFIX_MAX) : prefix;
    return kept + suffix(ownerUid, ordinal);
  }

  static String suffix(String ownerUid, int ordinal) {
    long start = Long.remainderUnsigned(hash(ownerUid), NAMES);
    return spell((start + (long) ordinal * STRIDE) % NAMES);
  }

  private static String spell(long number) {
    StringBuilder text = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      text.append(ALPHABET.charAt((int) (number % ALPHABET.length())));
      number /= ALPHABET.length();
    }
    return text.toString();
  }

  /** Spells a number with the same characters, as long as it takes. */
  public static String encode(String digits) {
    StringBuilder text = new StringBuilder(digits.length());
    for (int i = 0; i < digits.length(); i++) {
      text.append(ALPHABET.charAt(digits.charAt(i) % ALPHABET.length()));
    }
    return text.toString();
  }

  /** FNV-1a, 64 bit. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  static {
    if (!BigInteger.valueOf(NAMES).gcd(BigInteger.valueOf(STRIDE)).equals(BigInteger.ONE)) {
      throw new AssertionError("some names would never be used");
    }
  }
}
