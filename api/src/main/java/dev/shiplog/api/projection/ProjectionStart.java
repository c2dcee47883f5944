package dev.shiplog.api.projection;

import dev.shiplog.api.projection.CheckpointLog.Remains;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a projection goes on, to be found out after its predecessor was fenced.
 *
 * @param progress what was done
 * @param projected what of it is still there
 * @param mark checkpoint to be written before anything is repaired, with the anchors: it says that
 *     what is being repaired is not whole, so that a repair that is cut short is noticed and done
 *     again
 * @param anchors the anchors there are, oldest first
 */
record ProjectionStart(
    Progress progress,
    Projected projected,
    Optional<Checkpoint> mark,
    List<CheckpointLog.Anchor> anchors) {

  /** An end that no partition reaches: it lost something. */
  private static final long NOT_WHOLE = Long.MAX_VALUE;

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int PATIENCE = 150;

  /**
   * Reads the checkpoint and compares it with what is there.
   *
   * @throws IllegalStateException if the topics do not belong together, or what is missing can no
   *     longer be made from the journal
   */
  static ProjectionStart find(LogSource log, TopicNames names) {
    String journalId =
        log.topicId(names.journal())
            .orElseThrow(() -> new IllegalStateException("there is no topic " + names.journal()));
    CheckpointLog.Contents known = CheckpointLog.contents(log, names);
    if (known.newest().isEmpty()) {
      return new ProjectionStart(
          Progress.beginning(journalId), Projected.upTo(0), Optional.empty(), known.anchors());
    }
    Checkpoint checkpoint = known.newest().get();
    Progress progress = Progress.from(checkpoint, journalId);
    List<Remains> lossy = lossy(log, checkpoint);
    return lossy.isEmpty()
        ? new ProjectionStart(
            progress, Projected.upTo(checkpoint.offset()), Optional.empty(), known.anchors())
        : repair(log, names, known, lossy);
  }

  private static ProjectionStart repair(
      LogSource log, TopicNames names, CheckpointLog.Contents known, List<Remains> lossy) {
    Checkpoint checkpoint = known.newest().orElseThrow();
    Optional<Checkpoint> anchor = place(log, names, known, lossy);
    Map<String, Long> ends = new HashMap<>(checkpoint.ends());
    lossy.forEach(one -> ends.put(one.partition().toString(), NOT_WHOLE));
    Checkpoint mark = checkpoint.withEnds(ends);
    Map<Partition, Long> lastEntries = new HashMap<>();
    for (Remains one : lossy) {
      ends.put(one.partition().toString(), one.end());
      lastEntries.put(one.partition(), one.lastEntry());
    }
    return new ProjectionStart(
        Progress.again(checkpoint.journalTopicId(), anchor, ends),
        new Projected(checkpoint.offset(), lastEntries),
        Optional.of(mark),
        known.anchors().stream().map(one -> one.after(lossy)).toList());
  }

  /** Where everything that was lost lies behind: the beginning, or an anchor. */
  private static Optional<Checkpoint> place(
      LogSource log, TopicNames names, CheckpointLog.Contents known, List<Remains> lossy) {
    long start = log.range(Partition.only(names.journal()), Isolation.READ_UNCOMMITTED).start();
    Optional<Checkpoint> anchor = known.anchorBefore(start, lossy);
    if (anchor.isEmpty() && start > 0) {
      long firstLost = lossy.stream().mapToLong(one -> one.lastEntry() + 1).min().orElseThrow();
      throw new IllegalStateException(
          "%s lost records from journal offset %d on, and the journal that they could be made from again starts at %d: restore the topics from a backup, or run `shiplog recover` to go on from what is left"
              .formatted(lossy.stream().map(Remains::partition).toList(), firstLost, start));
    }
    return anchor;
  }

  /** The partitions that are shorter than the checkpoint says. */
  private static List<Remains> lossy(LogSource log, Checkpoint checkpoint) {
    List<Remains> lossy = new ArrayList<>();
    checkpoint
        .ends()
        .forEach((name, end) -> {
          Partition partition = Partition.parse(name);
          if (log.topicId(partition.topic()).isPresent() && end(log, partition) < end) {
            lossy.add(new Remains(partition, end(log, partition), lastEntry(log, partition)));
          }
        });
    return lossy;
  }

  private static long end(LogSource log, Partition partition) {
    return log.end(partition, Isolation.READ_COMMITTED);
  }

  private static long lastEntry(LogSource log, Partition partition) {
    long last = -1;
    long end = end(log, partition);
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      long start = log.range(partition, Isolation.READ_COMMITTED).start();
      reader.assign(Map.of(partition, start));
      int idle = 0;
      while (reader.position(partition) < end) {
        long before = reader.position(partition);
        for (StoredRecord stored : reader.poll(POLL)) {
          last = Math.max(last, journalOffset(stored));
        }
        idle = reader.position(partition) > before ? 0 : idle + 1;
        if (idle > PATIENCE) {
          throw new LogUnavailableException(partition + " cannot be read: no answer from Kafka");
        }
      }
    }
    return last;
  }

  private static long journalOffset(StoredRecord stored) {
    byte[] header = stored.record().headers().get(RecordHeaders.JOURNAL_OFFSET);
    return header == null ? -1 : Long.parseLong(new String(header, StandardCharsets.UTF_8));
  }
}
