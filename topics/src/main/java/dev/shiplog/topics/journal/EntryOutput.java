package dev.shiplog.topics.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the parts of an entry: lengths and numbers as unsigned varints, low seven bits first. */
final class EntryOutput {

  private final ByteArrayOutputStream out;

  EntryOutput(int expectedSize) {
    out = new ByteArrayOutputStream(expectedSize);
  }

  void octet(int value) {
    out.write(value);
  }

  /** One to ten bytes; negative numbers take ten. */
  void number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  void bytes(byte[] value) {
    number(value.length);
    out.writeBytes(value);
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
    return out.toByteArray();
  }
}
