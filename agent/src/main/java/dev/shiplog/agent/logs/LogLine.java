package dev.shiplog.agent.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One record of a log in CRI's format: {@code 2026-01-01T00:00:00.000000000Z stdout F text}.
 *
 * @param timestamp as it was written
 * @param at the same, parsed
 * @param stream {@code stdout} or {@code stderr}
 * @param isFull whether the record ends a line; a long line comes in several records
 * @param text what the container wrote, without the end of line
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never changed
public record LogLine(String timestamp, Instant at, String stream, boolean isFull, byte[] text) {

  private static final byte BLANK = ' ';

  /** Parses a record, given without its end of line; empty if it is none. */
  public static Optional<LogLine> parse(byte[] line) {
    int first = indexOfBlank(line, 0);
    int second = indexOfBlank(line, first + 1);
    int third = indexOfBlank(line, second + 1);
    if (first < 0 || second < 0 || third < 0) {
      return Optional.empty();
    }
    String timestamp = text(line, 0, first);
    try {
      return Optional.of(
          new LogLine(
              timestamp,
              Instant.parse(timestamp),
              text(line, first + 1, second),
              text(line, second + 1, third).startsWith("F"),
              Arrays.copyOfRange(line, third + 1, line.length)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static int indexOfBlank(byte[] line, int from) {
    if (from < 0) {
      return -1;
    }
    for (int i = from; i < line.length; i++) {
      if (line[i] == BLANK) {
        return i;
      }
    }
    return -1;
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.US_ASCII);
  }
}
