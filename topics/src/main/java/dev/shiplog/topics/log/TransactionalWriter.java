package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;
import java.util.concurrent.CompletableFuture;

/**
 * Writes batches that become visible as one, or not at all, to {@link Isolation#READ_COMMITTED}
 * readers. Used by one thread. Every method throws {@link FencedException} once another writer with
 * the same transactional id was opened; then only {@link #close} is left.
 */
public interface TransactionalWriter extends AutoCloseable {

  void begin();

  /** Adds to the open batch; the future gives the offset the record got, before the commit. */
  CompletableFuture<Long> append(Partition partition, LogRecord record);

  /** Sends everything still buffered, so that the futures of {@link #append} complete. */
  void flush();

  /** Makes the batch visible; returns when it is. */
  void commit();

  void abort();

  /** Aborts what is open. */
  @Override
  void close();
}
