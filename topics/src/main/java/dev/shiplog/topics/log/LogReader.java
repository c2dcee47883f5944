package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Reads partitions from chosen offsets on. Used by one thread, except {@link #wakeup}. It never
 * skips: an offset that the log no longer (or not yet) holds is an {@link OffsetLostException}.
 */
public interface LogReader extends AutoCloseable {

  /** Replaces what is read: each partition from its offset on. */
  void assign(Map<Partition, Long> positions);

  /**
   * The next records, in offset order within each partition. Waits up to {@code atMost} for the
   * first one and returns as soon as there is one; empty when none came or {@link #wakeup} was
   * called.
   *
   * @throws OffsetLostException if a position is out of range or the log was truncated behind it
   */
  List<StoredRecord> poll(Duration atMost);

  /**
   * The offset of the next record {@link #poll} would return. It moves past records that are never
   * returned (aborted transactions, markers), so comparing it with {@link OffsetRange#end} tells
   * whether the end was reached.
   */
  long position(Partition partition);

  /** Makes a {@link #poll} under way, or the next one, return at once. Any thread. */
  void wakeup();

  @Override
  void close();
}
