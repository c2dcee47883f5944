package dev.shiplog.api.projection;

import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.Entry.Heartbeat;
import dev.shiplog.topics.journal.Entry.Mark;
import dev.shiplog.topics.journal.Entry.Skip;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One uninterrupted stretch of projecting, from the checkpoint on. Opening it fences whoever
 * projected before; after any failure it is closed and another one is opened, which begins at the
 * last checkpoint that was committed. One thread.
 */
final class ProjectionRun implements LeaderTask.Run {

  private static final Duration POLL = Duration.ofMillis(500);

  private final ProjectionSettings settings;
  private final Partition journal;
  private final Partition checkpoints;
  private final EntryProjection projection;
  private final InstantSource clock;
  private final TransactionalWriter writer;
  private final LogReader reader;
  private final Progress progress;
  private long checkpointAtMs;

  ProjectionRun(TopicLog log, TopicNames names, ProjectionSettings settings, InstantSource clock) {
    this.settings = settings;
    this.journal = Partition.only(names.journal());
    this.checkpoints = CheckpointLog.partition(names);
    this.projection = new EntryProjection(names, settings.assignmentPartitions());
    this.clock = clock;
    this.writer = log.openTransactionalWriter(names.prefix() + ".projection");
    this.progress = begin(log, names);
    this.reader = log.openReader(Isolation.READ_UNCOMMITTED);
    this.reader.assign(Map.of(journal, progress.offset()));
    this.checkpointAtMs = clock.millis();
  }

  /** After the fence: nobody moves the checkpoint any more but this run. */
  private static Progress begin(TopicLog log, TopicNames names) {
    String journalId =
        log.topicId(names.journal())
            .orElseThrow(() -> new IllegalStateException("there is no topic " + names.journal()));
    return CheckpointLog.newest(log, names)
        .map(checkpoint -> Progress.from(checkpoint, journalId))
        .orElseGet(() -> Progress.beginning(journalId));
  }

  /** Projects what is there, or waits a moment for something. */
  @Override
  public void step() {
    List<StoredRecord> entries = reader.poll(POLL);
    for (int from = 0; from < entries.size(); from += settings.batchEntries()) {
      int to = Math.min(entries.size(), from + settings.batchEntries());
      project(entries.subList(from, to));
    }
  }

  @Override
  public void wakeup() {
    reader.wakeup();
  }

  @Override
  public void close() {
    try (TransactionalWriter _ = writer) {
      reader.close();
    }
  }

  private void project(List<StoredRecord> entries) {
    List<ProjectedRecord> records = new ArrayList<>();
    for (StoredRecord stored : entries) {
      Entry entry = EntryCodec.decode(stored.record().value());
      progress
          .take(stored.offset(), entry)
          .ifPresent(counted -> records.addAll(recordsOf(counted, stored)));
    }
    if (!records.isEmpty() || isCheckpointDue()) {
      commit(records);
    }
  }

  private List<ProjectedRecord> recordsOf(Entry entry, StoredRecord stored) {
    return switch (entry) {
      case Commit commit -> projection.of(commit, place(stored, commit.timeMs()));
      case Skip skip -> projection.of(skip, place(stored, skip.timeMs()));
      case Claim _, Heartbeat _, Mark _ -> List.of();
    };
  }

  private EntryPlace place(StoredRecord stored, long timeMs) {
    return new EntryPlace(progress.clusterId(), stored.offset(), timeMs);
  }

  private boolean isCheckpointDue() {
    return clock.millis() - checkpointAtMs >= settings.idleCheckpointEvery().toMillis();
  }

  private void commit(List<ProjectedRecord> records) {
    writer.begin();
    List<CompletableFuture<Long>> offsets = new ArrayList<>(records.size());
    for (ProjectedRecord record : records) {
      offsets.add(writer.append(record.partition(), record.record()));
    }
    // The checkpoint says where the partitions end, so their offsets must be known before it.
    writer.flush();
    for (int i = 0; i < records.size(); i++) {
      progress.wrote(records.get(i).partition(), offsets.get(i).join());
    }
    checkpointAtMs = clock.millis();
    CompletableFuture<Long> written =
        writer.append(checkpoints, CheckpointLog.record(progress.checkpoint(), checkpointAtMs));
    writer.commit();
    written.join();
  }
}
