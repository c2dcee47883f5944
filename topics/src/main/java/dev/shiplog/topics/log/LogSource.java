package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;
import java.util.Optional;

/**
 * The reading side of the log: all that those get who follow topics but must never write to them,
 * such as node agents. Safe for use by many threads; the readers it opens are not. Every call is
 * bounded in time and throws {@link LogUnavailableException} past it.
 */
public interface LogSource extends AutoCloseable {

  /** The id Kafka gave the topic when it was made, or empty where there is no such topic. */
  Optional<String> topicId(String topic);

  /** The offsets that can be read now. */
  OffsetRange range(Partition partition, Isolation isolation);

  /** The end alone of {@link #range}: at most one request, for those who ask often. */
  default long end(Partition partition, Isolation isolation) {
    return range(partition, isolation).end();
  }

  /** Whether {@link #end} answers at once for uncommitted reading, without asking anybody. */
  default boolean knowsEnds() {
    return false;
  }

  /** Opens a reader that is assigned its partitions by hand. */
  LogReader openReader(Isolation isolation);

  @Override
  void close();
}
