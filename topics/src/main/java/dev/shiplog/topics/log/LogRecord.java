package dev.shiplog.topics.log;

import java.util.Map;

/**
 * What is appended to a partition. The arrays are shared, not copied: nobody changes them after the
 * record was made.
 *
 * @param key may be null in topics that are not compacted
 * @param value null is a tombstone
 * @param timestampMs when it was made, milliseconds since the epoch
 * @param headers by name, in iteration order
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogRecord(byte[] key, byte[] value, long timestampMs, Map<String, byte[]> headers) {

  public static LogRecord of(byte[] key, byte[] value, long timestampMs) {
    return new LogRecord(key, value, timestampMs, Map.of());
  }
}
