package dev.shiplog.topics.record;

import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.trace.Tracing;
import java.nio.charset.StandardCharsets;

/** Names of the headers on every record of a projected topic. Values are UTF-8 text. */
public final class RecordHeaders {

  /** Id of the cluster the record belongs to. */
  public static final String CLUSTER = "shiplog-cluster";

  /** Revision of the change the record follows from, decimal. */
  public static final String REVISION = "shiplog-revision";

  /** Offset in the journal of the entry the record follows from, decimal. */
  public static final String JOURNAL_OFFSET = "shiplog-journal-offset";

  /**
   * How the value is sealed, as {@link dev.shiplog.topics.journal.SealedValue#seal} in decimal;
   * absent if it is not.
   */
  public static final String SEAL = "shiplog-seal";

  /**
   * The step of a trace that the record follows from, as W3C writes it; absent if there is none.
   */
  public static final String TRACEPARENT = Tracing.HEADER;

  private RecordHeaders() {}

  /** The step of a trace that a record follows from; null if there is none. */
  public static String traceparent(LogRecord record) {
    byte[] header = record.headers().get(TRACEPARENT);
    return header == null ? null : traceparent(header);
  }

  /** What a header of that name says; null if it makes no sense. */
  public static String traceparent(byte[] header) {
    String text = new String(header, StandardCharsets.UTF_8);
    return Tracing.isValid(text) ? text : null;
  }
}
