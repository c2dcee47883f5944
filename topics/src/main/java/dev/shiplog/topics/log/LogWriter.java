package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;
import java.util.concurrent.CompletableFuture;

/**
 * Appends to partitions without transactions. Safe for use by many threads. Appends of one thread
 * to one partition keep their order; if one of several in flight is lost, those after it may still
 * be stored, so readers must be able to tell (the journal's sequence numbers do).
 */
public interface LogWriter extends AutoCloseable {

  /**
   * Appends a record; never blocks for longer than the configured bound.
   *
   * @return its offset, once every in-sync replica has it; or {@link LogUnavailableException} when
   *     that could not be learned in time (the record may or may not be stored), or {@link
   *     RecordTooLargeException} (it is not). Completed on a thread of the log: do not block there.
   */
  CompletableFuture<Long> append(Partition partition, LogRecord record);

  /** Waits a bounded time for what is in flight, then gives up on it. */
  @Override
  void close();
}
