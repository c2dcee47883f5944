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
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import dev.shiplog.topics.record.Checkpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * One uninterrupted stretch of projecting, from the checkpoint on. Opening it fences whoever
 * projected before; after any failure it is closed and another one is opened, which begins at the
 * last checkpoint that was committed. One thread.
 */
final class ProjectionRun implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(ProjectionRun.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final ProjectionSettings settings;
  private final Partition journal;
  private final Partition checkpoints;
  private final EntryProjection projection;
  private final InstantSource clock;
  private final TransactionalWriter writer;
  private final LogReader reader;
  private final Progress progress;
  private final Projected projected;
  private final JournalRetention retention;
  private final ProjectionPace pace;
  private final ProjectionMetrics metrics;
  private long checkpointAtMs;
  private boolean committed;
  private Duration took = Duration.ZERO;
  private int taken;

  /** One that is not measured. */
  ProjectionRun(TopicLog log, TopicNames names, ProjectionSettings settings, InstantSource clock) {
    this(log, names, settings, clock, new ProjectionMetrics());
  }

  ProjectionRun(
      TopicLog log,
      TopicNames names,
      ProjectionSettings settings,
      InstantSource clock,
      ProjectionMetrics metrics) {
    this.metrics = metrics;
    this.settings = settings;
    this.journal = Partition.only(names.journal());
    this.checkpoints = CheckpointLog.partition(names);
    this.projection = new EntryProjection(names, settings);
    this.clock = clock;
    this.writer = log.openTransactionalWriter(names.prefix() + ".projection");
    ProjectionStart start = ProjectionStart.find(log, names);
    this.progress = start.progress();
    this.projected = start.projected();
    this.checkpointAtMs = clock.millis();
    this.retention = new JournalRetention(log, journal, settings, start.anchors(), checkpointAtMs);
    this.pace =
        new ProjectionPace(settings.restAfterCommit(), settings.longestRest(), checkpointAtMs);
    start.mark().ifPresent(mark -> beginRepair(mark, start.anchors()));
    this.reader = log.openReader(Isolation.READ_UNCOMMITTED);
    this.reader.assign(Map.of(journal, progress.offset()));
    metrics.reached(progress.offset());
  }

  /** Projects what is there, or waits a moment for something. */
  @Override
  public void step() {
    committed = false;
    List<StoredRecord> entries = reader.poll(POLL);
    long start = clock.millis();
    for (int from = 0; from < entries.size(); from += settings.batchEntries()) {
      int to = Math.min(entries.size(), from + settings.batchEntries());
      project(entries.subList(from, to));
      metrics.reached(progress.offset());
    }
    took = Duration.ofMillis(clock.millis() - start);
    taken = entries.size();
    retention.due(clock.millis()).ifPresent(this::cut);
  }

  @Override
  public Duration rest() {
    return committed ? pace.restAfter(took, taken, clock.millis()) : Duration.ZERO;
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
    boolean repairing = projected.isBeingRepaired(progress.offset());
    if (repairing) {
      retention.postpone(clock.millis());
    }
    List<ProjectedRecord> records = new ArrayList<>();
    ProjectionSteps steps = new ProjectionSteps();
    for (StoredRecord stored : entries) {
      Entry entry = EntryCodec.decode(stored);
      steps.begin(entry);
      progress
          .take(stored.offset(), entry)
          .ifPresent(counted -> records.addAll(missing(recordsOf(counted, stored), stored)));
    }
    boolean repaired = repairing && !projected.isBeingRepaired(progress.offset());
    if (!records.isEmpty() || isCheckpointDue() || repaired) {
      steps.endAfter(() -> commit(records, repaired));
    }
  }

  private List<ProjectedRecord> missing(List<ProjectedRecord> records, StoredRecord entry) {
    return records.stream()
        .filter(record -> !projected.has(record.partition(), entry.offset()))
        .toList();
  }

  private List<ProjectedRecord> recordsOf(Entry entry, StoredRecord stored) {
    return switch (entry) {
      case Commit commit -> projection.of(commit, place(stored, commit.timeMs(), commit.origin()));
      case Skip skip -> projection.of(skip, place(stored, skip.timeMs(), skip.origin()));
      case Claim _, Heartbeat _, Mark _ -> List.of();
    };
  }

  private EntryPlace place(StoredRecord stored, long timeMs, Origin origin) {
    return new EntryPlace(progress.clusterId(), stored.offset(), timeMs, origin.traceparent());
  }

  private boolean isCheckpointDue() {
    return !projected.isBeingRepaired(progress.offset())
        && clock.millis() - checkpointAtMs >= settings.idleCheckpointEvery().toMillis();
  }

  private void commit(List<ProjectedRecord> records, boolean repaired) {
    committed = true;
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
    List<CompletableFuture<Long>> checkpoint = new ArrayList<>(1);
    if (!projected.isBeingRepaired(progress.offset())) {
      checkpoint.add(append(progress.checkpoint()));
      anchor(repaired).ifPresent(checkpoint::add);
    }
    writer.commit();
    checkpoint.forEach(CompletableFuture::join);
    metrics.committed(records.size());
    retention.committed();
  }

  /**
   * Now and then a checkpoint is kept for those who read the journal again, and after each repair:
   * what the anchors before it say of the partitions that were repaired is void.
   */
  private Optional<CompletableFuture<Long>> anchor(boolean repaired) {
    if (!repaired && !retention.isAnchorDue(progress.offset())) {
      return Optional.empty();
    }
    long now = clock.millis();
    retention.anchored(progress.offset(), now);
    LogRecord anchor = CheckpointLog.anchor(progress.checkpoint(), now);
    return Optional.of(writer.append(checkpoints, anchor));
  }

  /**
   * Drops the journal before an anchor. What says so in the checkpoint's topic is written first,
   * and the checkpoint with it, so that there is always something: a run that was fenced, and whose
   * successor may be writing again what is to be cut, learns of it by that.
   */
  private void cut(long offset) {
    writer.begin();
    List<CompletableFuture<Long>> written = new ArrayList<>();
    written.add(append(progress.checkpoint()));
    for (long gone : retention.anchorsBefore(offset)) {
      written.add(writer.append(checkpoints, CheckpointLog.noAnchor(gone, clock.millis())));
    }
    writer.commit();
    written.forEach(CompletableFuture::join);
    retention.truncateBefore(offset);
  }

  private void beginRepair(Checkpoint mark, List<CheckpointLog.Anchor> anchors) {
    LOG.warnf(
        "%s lost records that had been written, with the power or with the topic: they are written again from the journal, from offset %d on",
        projected.lossy().keySet(), progress.offset());
    metrics.repairs();
    writer.begin();
    List<CompletableFuture<Long>> written = new ArrayList<>(anchors.size() + 1);
    written.add(append(mark));
    for (CheckpointLog.Anchor one : anchors) {
      LogRecord record = CheckpointLog.anchor(one.checkpoint(), one.timeMs());
      written.add(writer.append(checkpoints, record));
    }
    writer.commit();
    written.forEach(CompletableFuture::join);
  }

  private CompletableFuture<Long> append(Checkpoint checkpoint) {
    checkpointAtMs = clock.millis();
    return writer.append(checkpoints, CheckpointLog.record(checkpoint, checkpointAtMs));
  }
}
