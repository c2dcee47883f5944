package dev.shiplog.topics.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link EntryOutput} wrote. Nothing is believed before it is checked: a length larger
 * than what is left is refused before memory is set aside for it.
 */
final class EntryInput {

  private static final char UNREADABLE = '\uFFFD';

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
    return noMoreThanIsLeft(number(what), "", what);
  }

  byte[] bytes(String what) {
    byte[] value = new byte[length(what)];
    in.get(value);
    return value;
  }

  String text(String what) {
    int length = length(what);
    int start = in.position();
    in.position(start + length);
    String text = new String(in.array(), start, length, StandardCharsets.UTF_8);
    if (text.indexOf(UNREADABLE) >= 0 && !isWrittenAs(in.array(), start, length, text)) {
      throw new EntryFormatException(what + " is not UTF-8");
    }
    return text;
  }

  /** What cannot be read is replaced by a character that may also stand there itself. */
  private static boolean isWrittenAs(byte[] bytes, int start, int length, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(bytes, start, start + length, utf8, 0, utf8.length);
  }

  private int length(String what) {
    return noMoreThanIsLeft(number(what), "length of ", what);
  }

  private int noMoreThanIsLeft(long count, String of, String what) {
    if (count < 0 || count > in.remaining()) {
      throw new EntryFormatException(
          of
              + what
              + ": "
              + Long.toUnsignedString(count)
              + ", but "
              + in.remaining()
              + " bytes are left");
    }
    return (int) count;
  }

  SealedValue sealed(String what) {
    int present = octet(what);
    return switch (present) {
      case 0 -> null;
      case 1 -> new SealedValue((byte) octet("a seal"), bytes(what));
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
