package dev.shiplog.topics.record;

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

  private RecordHeaders() {}
}
