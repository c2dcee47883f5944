package dev.shiplog.api.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Bytes that come in chunks, in one array. Belongs to the event loop of its request. */
final class BodyBytes {

  private static final int FIRST = 4096;

  private final int expected;
  private byte[] bytes;
  private int length;

  /**
   * None yet.
   *
   * @param expected how many the sender says there will be, 0 if it does not say; room for them is
   *     made when some have come, so that saying so costs nothing
   */
  BodyBytes(int expected) {
    this.expected = expected;
    this.bytes = new byte[Math.min(expected, FIRST)];
  }

  int length() {
    return length;
  }

  void append(Buffer chunk) {
    int needed = length + chunk.length();
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity(needed));
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  /** All of them; nothing may be appended from then on. */
  byte[] take() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** What is large is not copied again and again on its way. */
  private int capacity(int needed) {
    boolean serious = needed >= LongWork.LARGE_BODY || expected <= LongWork.LARGE_BODY;
    return serious && needed <= expected ? expected : Math.max(needed, 2 * bytes.length);
  }
}
