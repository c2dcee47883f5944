package dev.shiplog.topics.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the parts of an entry: lengths and numbers as unsigned varints, low seven bits first.
 * Objects are nearly all of an entry, so they are copied once, into the result. One thread.
 */
final class EntryOutput {

  /** What is shorter is copied at once; a part of its own would cost more. */
  private static final int LARGE = 256;

  private final List<Part> large = new ArrayList<>(2);
  private byte[] rest = new byte[512];
  private int restLength;
  private int largeLength;

  /**
   * A value that is copied in the end.
   *
   * @param at how much of the rest comes before it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(int at, byte[] value) {}

  void octet(int value) {
    makeRoom(1);
    rest[restLength++] = (byte) value;
  }

  /** One to ten bytes; negative numbers take ten. */
  void number(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      octet((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    octet((int) left);
  }

  /** The value must stay as it is until {@link #toByteArray}. */
  void bytes(byte[] value) {
    number(value.length);
    if (value.length >= LARGE) {
      large.add(new Part(restLength, value));
      largeLength += value.length;
      return;
    }
    makeRoom(value.length);
    System.arraycopy(value, 0, rest, restLength, value.length);
    restLength += value.length;
  }

  void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A value that may be absent: 0, or 1, its seal and its bytes. */
  void sealed(SealedValue value) {
    if (value == null) {
      octet(0);
      return;
    }
    octet(1);
    octet(value.seal());
    bytes(value.bytes());
  }

  /** The list of optional fields: none in this version. */
  void noOptionalFields() {
    number(0);
  }

  byte[] toByteArray() {
    byte[] all = new byte[restLength + largeLength];
    int from = 0;
    int to = 0;
    for (Part part : large) {
      System.arraycopy(rest, from, all, to, part.at() - from);
      to += part.at() - from;
      from = part.at();
      System.arraycopy(part.value(), 0, all, to, part.value().length);
      to += part.value().length;
    }
    System.arraycopy(rest, from, all, to, restLength - from);
    return all;
  }

  private void makeRoom(int more) {
    if (rest.length - restLength < more) {
      rest = Arrays.copyOf(rest, Math.max(rest.length * 2, restLength + more));
    }
  }
}
