package dev.shiplog.streams.controllers.service;

import java.util.Optional;
import java.util.Set;

/**
 * A range of IPv4 addresses.
 *
 * @param first as a number
 * @param count how many
 */
record AddressRange(long first, int count) {

  private static final int BITS = 32;
  private static final int SHORTEST_PREFIX = 16;

  /**
   * The hosts' addresses of a network: neither its own nor the one that means all.
   *
   * @param cidr for example {@code 10.112.0.0/24}, at least /16
   */
  static AddressRange of(String cidr) {
    int slash = cidr.indexOf('/');
    int prefix = Integer.parseInt(cidr.substring(slash + 1));
    if (prefix < SHORTEST_PREFIX || prefix > BITS - 2) {
      throw new IllegalArgumentException(cidr + " must be between /16 and /30");
    }
    int size = 1 << (BITS - prefix);
    long network = number(cidr.substring(0, slash)) & -(long) size;
    return new AddressRange(network + 1, size - 2);
  }

  /** The lowest address that is not taken. */
  Optional<String> free(Set<String> taken) {
    for (long at = first; at < first + count; at++) {
      String address = text(at);
      if (!taken.contains(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** Whether it is an address of this range. */
  boolean contains(String address) {
    if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return false;
    }
    long number = number(address);
    return number >= first && number < first + count;
  }

  private static long number(String address) {
    long number = 0;
    for (String part : address.split("\\.", 4)) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  private static String text(long number) {
    return (number >> 24 & 255)
        + "."
        + (number >> 16 & 255)
        + "."
        + (number >> 8 & 255)
        + "."
        + (number & 255);
  }
}
