package dev.shiplog.streams.kit.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far each store topic has been read. Written by the stream thread, read by any. */
final class ReadProgress {

  private final Map<String, Long> lastOffsets = new ConcurrentHashMap<>();

  void read(String topic, long offset) {
    lastOffsets.put(topic, offset);
  }

  /** Offset of the last record read; -1 if none was. */
  long lastOffset(String topic) {
    return lastOffsets.getOrDefault(topic, -1L);
  }
}
