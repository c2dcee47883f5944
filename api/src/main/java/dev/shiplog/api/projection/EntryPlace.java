package dev.shiplog.api.projection;

import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an entry lies.
 *
 * @param clusterId the cluster whose journal it is in
 * @param offset its offset there
 * @param timeMs when it was written
 * @param traceparent the step of a trace that asked for it; null if there is none
 */
record EntryPlace(String clusterId, long offset, long timeMs, String traceparent) {

  /** The headers every projected record carries, in a map that may be added to. */
  Map<String, byte[]> headers(long revision) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    headers.put(RecordHeaders.CLUSTER, utf8(clusterId));
    headers.put(RecordHeaders.REVISION, utf8(Long.toString(revision)));
    headers.put(RecordHeaders.JOURNAL_OFFSET, utf8(Long.toString(offset)));
    if (traceparent != null) {
      headers.put(RecordHeaders.TRACEPARENT, utf8(traceparent));
    }
    return headers;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
