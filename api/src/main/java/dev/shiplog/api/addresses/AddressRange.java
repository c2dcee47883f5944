package dev.shiplog.api.addresses;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses for Services. The first (network) and last (broadcast) addresses are
 * not given out.
 *
 * @param base the network address as a number
 * @param size how many addresses the range has, both ends included
 */
public record AddressRange(int base, int size) {

  private static final int LONGEST_PREFIX = 30;
  private static final int SHORTEST_PREFIX = 8;
  private static final int LEAST_RESERVED = 16;
  private static final int MOST_RESERVED = 256;
  private static final Pattern FOUR_NUMBERS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * Reads {@code 10.96.0.0/16}.
   *
   * @throws IllegalArgumentException if it is no IPv4 range, or larger than /8 or smaller than /30
   */
  public static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    try {
      int prefix = Integer.parseInt(cidr.substring(slash + 1));
      if (slash < 0 || prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
        throw new IllegalArgumentException("its prefix must be from /8 to /30");
      }
      int size = 1 << (Integer.SIZE - prefix);
      return new AddressRange(number(cidr.substring(0, slash)) & -size, size);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "service range '" + cidr + "' must look like 10.96.0.0/16: " + e.getMessage(), e);
    }
  }

  /** As {@link #parse}; empty where that fails. */
  static Optional<AddressRange> find(String cidr) {
    try {
      return Optional.of(parse(cidr));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The range as {@link #parse} reads it. */
  String cidr() {
    return text(base) + "/" + (Integer.numberOfLeadingZeros(size) + 1);
  }

  /** How many of its first addresses are left to those that are asked for by number. */
  int reserved() {
    int wanted = Math.clamp(size / 16, LEAST_RESERVED, MOST_RESERVED);
    return wanted < usable() ? wanted : 0;
  }

  /** How many addresses can be given out. */
  public int usable() {
    return size - 2;
  }

  /** The usable address of an index from 0 on. */
  public String address(int index) {
    return text(base + 1 + index);
  }

  private static String text(int number) {
    return "%d.%d.%d.%d"
        .formatted(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
  }

  /** Whether a text is an address of the range that can be given out. */
  public boolean contains(String address) {
    try {
      int offset = number(address) - base;
      return offset > 0 && offset < size - 1;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static int number(String address) {
    if (!FOUR_NUMBERS.matcher(address).matches()) {
      throw new IllegalArgumentException("'" + address + "' is no IPv4 address");
    }
    try {
      return ByteBuffer.wrap(InetAddress.getByName(address).getAddress()).getInt();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + address + "' is no IPv4 address", e);
    }
  }
}
