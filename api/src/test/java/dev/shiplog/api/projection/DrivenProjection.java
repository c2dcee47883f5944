package dev.shiplog.api.projection;

import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Checkpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Projects when a test says, on the test's thread. */
public final class DrivenProjection implements AutoCloseable {

  private static final int MAX_POLLS = 100;

  /** Few, so that a small test has some anchors. */
  private static final int ANCHOR_EVERY = 4;

  private final TopicLog log;
  private final TopicNames names;
  private final Partition journal;
  private final ProjectionRun run;
  private long end;

  /** Fences the projection before it and goes on from where that came. */
  public DrivenProjection(
      TopicLog log, TopicNames names, int assignmentPartitions, int batchEntries) {
    this(log, names, assignmentPartitions, batchEntries, Duration.ofDays(1));
  }

  /** The same, with a journal that is kept for so long. */
  public DrivenProjection(
      TopicLog log,
      TopicNames names,
      int assignmentPartitions,
      int batchEntries,
      Duration history) {
    this(log, names, assignmentPartitions, batchEntries, history, InstantSource.system());
  }

  /** The same, at the time of a clock. */
  public DrivenProjection(
      TopicLog log,
      TopicNames names,
      int assignmentPartitions,
      int batchEntries,
      Duration history,
      InstantSource clock) {
    this.log = log;
    this.names = names;
    this.journal = Partition.only(names.journal());
    ProjectionSettings settings =
        new ProjectionSettings(
            assignmentPartitions,
            batchEntries,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(1),
            ANCHOR_EVERY,
            history,
            history.dividedBy(2),
            AuditPolicy.standard());
    this.run = new ProjectionRun(log, names, settings, clock);
    this.end = CheckpointLog.newest(log, names).map(Checkpoint::offset).orElse(0L);
  }

  /** Projects what the journal holds. */
  public void step() {
    long now = log.end(journal, Isolation.READ_UNCOMMITTED);
    for (int polls = 0; end < now; polls++) {
      if (polls == MAX_POLLS) {
        throw new IllegalStateException("projected to " + end + " of " + now);
      }
      run.step();
      end = CheckpointLog.newest(log, names).map(Checkpoint::offset).orElse(end);
    }
  }

  /**
   * What a checkpoint says, if everything that it says was projected is there; else it is being
   * repaired, or is about to be.
   */
  public static Optional<Checkpoint> whole(TopicLog log, TopicNames names) {
    return CheckpointLog.newest(log, names)
        .filter(checkpoint ->
            checkpoint.ends().entrySet().stream()
                .allMatch(end ->
                    log.end(Partition.parse(end.getKey()), Isolation.READ_COMMITTED)
                        >= end.getValue()));
  }

  /** The last place from which the journal can be read on its own; 0 if there is none. */
  public static long lastAnchor(TopicLog log, TopicNames names) {
    return CheckpointLog.contents(log, names).anchors().stream()
        .mapToLong(anchor -> anchor.checkpoint().offset())
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    run.close();
  }
}
