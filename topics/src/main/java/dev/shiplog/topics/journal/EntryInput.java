package dev.shiplog.topics.journal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link EntryOutput} wrote. Nothing is believed before it is checked: a length larger
 * than what is left is refused before memory is set aside for it.
 */
final class EntryInput {

  private final ByteBuffer in;

  EntryInput(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
  }

  int octet(String what) {
    need(1, what);
    return in.get() & 0xFF;
  }

  long number(String what) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = octet(what);
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new EntryFormatException(what + " is longer than 64 bits");
  }

  /** A count of things each of which takes at least one byte. */
  int count(String what) {
    long count = number(what);
    if (count < 0 || count > in.remaining()) {
      throw new EntryFormatException(
          what
              + ": "
              + Long.toUnsignedString(count)
              + ", but "
              + in.remaining()
              + " bytes are left");
    }
    return (int) count;
  }

  byte[] bytes(String what) {
    byte[] value = new byte[count("length of " + what)];
    in.get(value);
    return value;
  }

  String text(String what) {
    byte[] utf8 = bytes(what);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new EntryFormatException(what + " is not UTF-8", e);
    }
  }

  SealedValue sealed(String what) {
    int present = octet(what);
    return switch (present) {
      case 0 -> null;
      case 1 -> new SealedValue((byte) octet("seal of " + what), bytes(what));
      default ->
          throw new EntryFormatException(what + " is neither absent nor present: " + present);
    };
  }

  /** Steps over fields that a later version added and this one can do without. */
  void skipOptionalFields() {
    int fields = count("count of optional fields");
    for (int i = 0; i < fields; i++) {
      number("tag of an optional field");
      bytes("an optional field");
    }
  }

  void end() {
    if (in.hasRemaining()) {
      throw new EntryFormatException(in.remaining() + " bytes follow the entry's end");
    }
  }

  private void need(int bytes, String what) {
    if (in.remaining() < bytes) {
      throw new EntryFormatException("ends inside " + what);
    }
  }
}
