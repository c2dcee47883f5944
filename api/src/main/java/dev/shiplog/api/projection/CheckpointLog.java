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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Reads and words the checkpoint, and those of the past that are kept as anchors. */
public final class CheckpointLog {

  private static final byte[] KEY = Checkpoint.KEY.getBytes(StandardCharsets.UTF_8);
  private static final String ANCHOR = "anchor/";
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
    return contents(log, names).newest();
  }

  /**
   * The newest checkpoint and the anchors: checkpoints of the past from which the journal can be
   * read as well.
   *
   * @throws LogUnavailableException if they cannot be read in time
   */
  public static Contents contents(LogSource log, TopicNames names) {
    Map<String, LogRecord> found = new TreeMap<>();
    read(log, names, (key, record) -> found.put(key, record));
    List<Anchor> anchors = new ArrayList<>();
    found.forEach((key, record) -> {
      if (key.startsWith(ANCHOR) && record.value() != null) {
        anchors.add(new Anchor(record.timestampMs(), checkpoint(record)));
      }
    });
    return new Contents(
        Optional.ofNullable(found.get(Checkpoint.KEY)).map(CheckpointLog::checkpoint), anchors);
  }

  /**
   * All there is.
   *
   * @param anchors oldest first
   */
  public record Contents(Optional<Checkpoint> newest, List<Anchor> anchors) {
    public Contents {
      anchors = List.copyOf(anchors);
    }

    /**
     * The last anchor that the journal goes back to and behind which none of the partitions lost
     * anything.
     *
     * @param start the journal's
     */
    public Optional<Checkpoint> anchorBefore(long start, Collection<Remains> remains) {
      return anchors.stream()
          .map(Anchor::checkpoint)
          .filter(anchor -> anchor.offset() >= start)
          .filter(anchor -> remains.stream().allMatch(one -> one.reachTo(anchor)))
          .reduce((_, later) -> later);
    }
  }

  /**
   * What is left of a partition that lost its end.
   *
   * @param lastEntry journal offset of the last entry it shows; -1 if none
   */
  public record Remains(Partition partition, long end, long lastEntry) {

    /** Whether everything of it is there that was projected up to an anchor. */
    boolean reachTo(Checkpoint anchor) {
      // Before the first change nothing was projected, and there are no ends to be named.
      boolean says = !anchor.ends().isEmpty() || anchor.revision() == 0;
      return anchor.offset() <= lastEntry + 1
          || (says && anchor.ends().getOrDefault(partition.toString(), 0L) <= end);
    }
  }

  /**
   * A checkpoint of the past.
   *
   * @param timeMs when it was written
   */
  public record Anchor(long timeMs, Checkpoint checkpoint) {

    /**
     * What it may say once the partitions are written again from where they end now: of them it
     * says nothing that it could be believed.
     */
    Anchor after(Collection<Remains> remains) {
      Map<String, Long> ends = new HashMap<>(checkpoint.ends());
      for (Remains one : remains) {
        ends.computeIfPresent(
            one.partition().toString(), (_, end) -> end > one.end() ? Long.MAX_VALUE : end);
      }
      return new Anchor(timeMs, checkpoint.withEnds(ends));
    }
  }

  /** Keeps a checkpoint when newer ones replace it. */
  static LogRecord anchor(Checkpoint checkpoint, long timeMs) {
    return LogRecord.of(anchorKey(checkpoint.offset()), Json.bytes(checkpoint), timeMs);
  }

  /** Takes an anchor away. */
  static LogRecord noAnchor(long offset, long timeMs) {
    return LogRecord.of(anchorKey(offset), null, timeMs);
  }

  /** Sorted as text they are sorted by offset. */
  private static byte[] anchorKey(long offset) {
    return "%s%019d".formatted(ANCHOR, offset).getBytes(StandardCharsets.UTF_8);
  }

  private static Checkpoint checkpoint(LogRecord record) {
    return Json.read(record.value(), Checkpoint.class);
  }

  private static void read(LogSource log, TopicNames names, BiConsumer<String, LogRecord> action) {
    Partition partition = partition(names);
    OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, range.start()));
      int idle = 0;
      while (reader.position(partition) < range.end()) {
        long before = reader.position(partition);
        for (StoredRecord stored : reader.poll(WAIT)) {
          action.accept(new String(stored.record().key(), StandardCharsets.UTF_8), stored.record());
        }
        idle = reader.position(partition) > before ? 0 : idle + 1;
        if (idle > PATIENCE) {
          throw new LogUnavailableException("the checkpoint cannot be read: no answer from Kafka");
        }
      }
    }
  }
}
