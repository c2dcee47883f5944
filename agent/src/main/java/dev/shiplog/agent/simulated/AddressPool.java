package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.util.BitSet;

/**
 * Addresses of an IPv4 subnet, given out in order and used again only once the pool has come round,
 * so that an address does not change its owner while others still speak to the old one. Not thread
 * safe.
 */
final class AddressPool {

  private static final int BITS = 32;

  private final long network;
  private final int size;
  private final BitSet taken;
  private int next = 2;

  /**
   * A pool of all hosts' addresses but the first, which is the gateway's.
   *
   * @param cidr for example {@code 10.244.0.0/22}, between /8 and /29
   */
  AddressPool(String cidr) {
    String[] parts = cidr.split("/", 2);
    int prefix = Integer.parseInt(parts[1]);
    if (prefix < 8 || prefix > 29) {
      throw new IllegalArgumentException("pod subnet " + cidr + " must be between /8 and /29");
    }
    size = 1 << (BITS - prefix);
    network = number(parts[0]) & -(long) size;
    taken = new BitSet(size);
  }

  String take() {
    for (int tried = 0; tried < size; tried++) {
      int candidate = next;
      next = next + 1 >= size - 1 ? 2 : next + 1;
      if (!taken.get(candidate)) {
        taken.set(candidate);
        return text(network + candidate);
      }
    }
    throw new RuntimeRefusedException("", "no pod address is left in the node's subnet", null);
  }

  /** Takes a certain address, if it is the pool's. */
  void take(String address) {
    long offset = number(address) - network;
    if (offset > 0 && offset < size) {
      taken.set((int) offset);
    }
  }

  void give(String address) {
    long offset = number(address) - network;
    if (offset > 0 && offset < size) {
      taken.clear((int) offset);
    }
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
