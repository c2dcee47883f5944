package dev.shiplog.agent.server;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One record of a CRI log file: {@code TIME STREAM P|F CONTENT}.
 *
 * @param time when it was written, as the runtime words it
 * @param partial the line goes on in the next record
 * @param content without the newline
 */
@SuppressWarnings("ArrayRecordComponent")
record CriLine(String time, boolean partial, byte[] content) {

  /** Empty if the bytes are no such record: a runtime that died in mid-write leaves some. */
  static Optional<CriLine> parse(byte[] line, int length) {
    int timeEnd = space(line, 0, length);
    int streamEnd = space(line, timeEnd + 1, length);
    int tagEnd = space(line, streamEnd + 1, length);
    if (timeEnd <= 0 || streamEnd <= timeEnd || tagEnd <= streamEnd) {
      return Optional.empty();
    }
    String time = new String(line, 0, timeEnd, StandardCharsets.US_ASCII);
    boolean partial = line[streamEnd + 1] == 'P';
    return Optional.of(new CriLine(time, partial, Arrays.copyOfRange(line, tagEnd + 1, length)));
  }

  boolean isBefore(Instant instant) {
    if (instant.equals(Instant.MIN)) {
      return false;
    }
    try {
      return java.time.OffsetDateTime.parse(time).toInstant().isBefore(instant);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static int space(byte[] line, int from, int length) {
    for (int i = Math.max(0, from); i < length; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }
}
