package dev.shiplog.api.projection;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads and words the checkpoint. */
public final class CheckpointLog {

  private static final byte[] KEY = Checkpoint.KEY.getBytes(StandardCharsets.UTF_8);
  private static final Duration WAIT = Duration.ofMillis(200);

  /** Polls without progress after which the log counts as unreachable: 30 s. */
  private static final int PATIENCE = 150;

  private CheckpointLog() {}

  static Partition partition(TopicNames names) {
    return Partition.only(names.checkpoint());
  }

  static LogRecord record(Checkpoint checkpoint, long timeMs) {
    return LogRecord.of(KEY, Json.bytes(checkpoint), timeMs);
  }

  /**
   * The newest committed checkpoint, or empty if none was ever written.
   *
   * @throws LogUnavailableException if it cannot be read in time
   */
  public static Optional<Checkpoint> newest(LogSource log, TopicNames names) {
    Partition partition = partition(names);
    OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
    byte[] newest = null;
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, range.start()));
      int idle = 0;
      while (reader.position(partition) < range.end()) {
        long before = reader.position(partition);
        for (StoredRecord stored : reader.poll(WAIT)) {
          newest = stored.record().value();
        }
        idle = reader.position(partition) > before ? 0 : idle + 1;
        if (idle > PATIENCE) {
          throw new LogUnavailableException("the checkpoint cannot be read: no answer from Kafka");
        }
      }
    }
    return Optional.ofNullable(newest).map(bytes -> Json.read(bytes, Checkpoint.class));
  }
}
