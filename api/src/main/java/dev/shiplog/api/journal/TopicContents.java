package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads projected topics from their start to the end they have now. */
final class TopicContents {

  private static final Duration POLL = Duration.ofMillis(500);

  /** So many empty polls in a row are taken for a log that no longer answers. */
  private static final int PATIENCE = 60;

  private TopicContents() {}

  /**
   * Gives every record that was committed.
   *
   * @return the end of each partition, up to which it was read
   * @throws LogUnavailableException if the log stops answering
   */
  static Map<Partition, Long> read(
      LogSource log, Collection<Partition> partitions, Consumer<StoredRecord> action) {
    return read(log, partitions, Isolation.READ_COMMITTED, action);
  }

  /** The same; what counts as the end is up to the isolation. */
  static Map<Partition, Long> read(
      LogSource log,
      Collection<Partition> partitions,
      Isolation isolation,
      Consumer<StoredRecord> action) {
    Map<Partition, Long> starts = new HashMap<>();
    Map<Partition, Long> ends = new HashMap<>();
    for (Partition partition : partitions) {
      OffsetRange range = log.range(partition, isolation);
      ends.put(partition, range.end());
      if (range.start() < range.end()) {
        starts.put(partition, range.start());
      }
    }
    try (LogReader reader = log.openReader(isolation)) {
      reader.assign(starts);
      int emptyPolls = 0;
      while (isBehind(reader, starts.keySet(), ends)) {
        List<StoredRecord> records = reader.poll(POLL);
        records.forEach(action);
        emptyPolls = records.isEmpty() ? emptyPolls + 1 : 0;
        if (emptyPolls > PATIENCE) {
          throw new LogUnavailableException(
              "the log holds more of its topics, but gave nothing for "
                  + POLL.multipliedBy(PATIENCE).toSeconds()
                  + " s");
        }
      }
    }
    return ends;
  }

  private static boolean isBehind(
      LogReader reader, Collection<Partition> partitions, Map<Partition, Long> ends) {
    return partitions.stream()
        .anyMatch(partition -> reader.position(partition) < ends.get(partition));
  }
}
