package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.projection.CheckpointLog;
import dev.shiplog.api.projection.ProjectedState;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Checkpoint;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All objects of a cluster as they were at one revision: read from its topics as a server that
 * starts reads them, and written into empty topics such that a server can start from them.
 *
 * @param clusterId the cluster's id
 * @param revision the one at which it was so
 * @param state the objects
 */
public record ClusterImage(String clusterId, long revision, State state) {

  /** More than any cluster does between a backup and the loss of its topics. */
  private static final long REVISIONS_SKIPPED = 1_000_000_000L;

  private static final String CLAIMANT = "restore";
  private static final ViewLimits NO_HISTORY = new ViewLimits(64, 1);

  /**
   * Reads what topics hold now, up to the journal's end; servers may go on writing meanwhile.
   *
   * @throws CannotStartException if the topics contradict each other
   * @throws dev.shiplog.topics.log.LogException if the log fails
   */
  public static ClusterImage read(LogSource log, TopicNames names, StoredResources stored) {
    Restore.Restored read = new Restore(log, names, codec()).run(stored, NO_HISTORY);
    State state = read.view().current();
    return new ClusterImage(read.applied().clusterId(), state.revision(), state);
  }

  /** Reads and writes objects as images have them. */
  public static ObjectCodec codec() {
    ObjectIndexer none = (_, _) -> Map.of();
    return new ObjectCodec(none, List.of());
  }

  /**
   * Makes the topics, and has them hold this. Objects keep their revisions; those to come are above
   * every one that a client of the lost cluster can have seen.
   *
   * @return the revision after which the cluster goes on
   * @throws CannotStartException if there is a cluster in these topics
   * @throws dev.shiplog.topics.log.LogException if the log fails; delete the topics then
   */
  public long writeTo(
      TopicLog log, TopicCatalogue catalogue, StoredResources stored, InstantSource clock) {
    TopicNames names = catalogue.names();
    refuseOccupied(log, names);
    Set<StorageResource> resources = new HashSet<>(stored.resources());
    resources.addAll(stored.declared().apply(state));
    log.ensureTopics(catalogue.all(resources));
    long floor = revision + REVISIONS_SKIPPED;
    Partition journal = Partition.only(names.journal());
    Entry.Claim claim = new Entry.Claim(1, CLAIMANT, "", clock.millis(), clusterId, floor);
    try (LogWriter writer = log.openWriter()) {
      LogRecord record = LogRecord.of(null, EntryCodec.encode(claim), clock.millis());
      long _ = writer.append(journal, record).join();
    }
    long end = log.end(journal, Isolation.READ_UNCOMMITTED);
    ProjectedState projected =
        new ProjectedState(
            log, names, catalogue.assignmentPartitions(), clusterId, end - 1, clock.millis());
    projected.compareStore(resources, State.EMPTY, state, floor, stored.sealing());
    projected.compareAssignments(List.of(), state, floor);
    int _ = projected.write(checkpoint(log.topicId(names.journal()).orElseThrow(), end, floor));
    return floor;
  }

  /** How many objects there are. */
  public long objects() {
    return state.resources().stream().mapToLong(resource -> state.count(resource, "")).sum();
  }

  private Checkpoint checkpoint(String journalId, long end, long floor) {
    return new Checkpoint(
        clusterId,
        journalId,
        end,
        floor,
        1,
        0,
        Optional.empty(),
        CommandLedger.EMPTY.generations(),
        CommandLedger.EMPTY.decided(),
        Map.of());
  }

  private static void refuseOccupied(LogSource log, TopicNames names) {
    boolean hasJournal =
        log.topicId(names.journal()).isPresent()
            && log.end(Partition.only(names.journal()), Isolation.READ_UNCOMMITTED) > 0;
    boolean hasCheckpoint =
        log.topicId(names.checkpoint()).isPresent() && CheckpointLog.newest(log, names).isPresent();
    if (hasJournal || hasCheckpoint) {
      throw new CannotStartException(
          "there is a cluster with topic prefix %s already: delete its topics, or restore under another prefix"
              .formatted(names.prefix()));
    }
  }
}
