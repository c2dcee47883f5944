package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.projection.CheckpointLog;
import dev.shiplog.api.projection.ProjectedState;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Checkpoint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Makes topics that contradict each other agree again, while no server runs: what any of them still
 * holds is kept. The journal is lengthened by marks past everything that was ever projected from
 * it, so that no offset means two entries; then a claim is written whose revision floor is above
 * every revision a client can have seen; then the compacted topics and the checkpoint are made to
 * say what follows. One use, one thread.
 */
public final class Recovery {

  /** More than was lost in any power failure: what a disk had not written yet. */
  private static final long REVISIONS_SKIPPED = 1_000_000;

  private static final int BATCH = 1000;
  private static final String CLAIMANT = "recover";

  private final TopicLog log;
  private final TopicCatalogue catalogue;
  private final TopicNames names;
  private final InstantSource clock;
  private final ObjectCodec codec;
  private EntryReader reader;
  private final Partition journal;
  private EntryFilter filter = new EntryFilter();
  private CommandLedger ledger = CommandLedger.EMPTY;
  private String clusterId = "";
  private State state = State.EMPTY;
  private long revision;

  public Recovery(TopicLog log, TopicCatalogue catalogue, InstantSource clock) {
    this.log = log;
    this.catalogue = catalogue;
    this.names = catalogue.names();
    this.clock = clock;
    ObjectIndexer none = (_, _) -> Map.of();
    this.codec = new ObjectCodec(none, List.of());
    this.journal = Partition.only(names.journal());
  }

  /**
   * What was done.
   *
   * @param objects how many objects the cluster has
   * @param floor revisions go on above it
   * @param padded how many offsets of the journal were skipped, because what they held is lost
   * @param repaired how many records of compacted topics were missing or wrong
   */
  public record Report(long objects, long floor, long padded, int repaired) {}

  /**
   * Recovers.
   *
   * @param stored resources whose topics are there
   * @throws dev.shiplog.topics.log.LogException if the log fails; it may be run again
   */
  public Report run(StoredResources stored) {
    reader = new EntryReader(codec, stored.sealing());
    Optional<Checkpoint> checkpoint = CheckpointLog.newest(log, names);
    StoreTopics.Content held = new StoreTopics(log, names, codec).read(stored);
    List<StoredRecord> assignments = new ArrayList<>();
    Map<Partition, Long> ends =
        new HashMap<>(TopicContents.read(log, assignmentTopic(), assignments::add));
    ends.putAll(held.ends());
    for (String topic : List.of(names.audit(), names.outcomes())) {
      ends.put(Partition.only(topic), log.end(Partition.only(topic), Isolation.READ_COMMITTED));
    }
    merge(checkpoint, held.state());
    Set<StorageResource> resources = new HashSet<>(stored.resources());
    resources.addAll(stored.declared().apply(state));
    log.ensureTopics(catalogue.all(resources));
    long projected =
        Math.max(held.lastJournalOffset() + 1, checkpoint.map(Checkpoint::offset).orElse(0L));
    long padded = pad(projected);
    long floor = revision + REVISIONS_SKIPPED;
    claim(checkpoint.map(Checkpoint::epoch).orElse(0L), floor);
    int repaired = rewrite(resources, held.state(), assignments, ends, floor);
    long objects = resources.stream().mapToLong(resource -> state.count(resource, "")).sum();
    return new Report(objects, floor, padded, repaired);
  }

  /** What the store topics hold, and what the journal has on top of it. */
  private void merge(Optional<Checkpoint> checkpoint, State held) {
    state = held;
    revision = held.revision();
    checkpoint.ifPresent(known -> {
      ledger = CommandLedger.of(known.generations(), known.commands());
      clusterId = known.clusterId();
      revision = Math.max(revision, known.revision());
    });
    OffsetRange range = log.range(journal, Isolation.READ_UNCOMMITTED);
    // A journal that was made anew has none of the offsets that the checkpoint speaks of.
    boolean isSame =
        checkpoint
            .filter(c -> c.journalTopicId().equals(log.topicId(names.journal()).orElse("")))
            .isPresent();
    long decided = isSame ? checkpoint.get().offset() : 0;
    boolean[] begun = {range.start() == 0};
    TopicContents.read(
        log,
        List.of(journal),
        Isolation.READ_UNCOMMITTED,
        stored -> {
          Entry entry = EntryCodec.decode(stored);
          if (!begun[0] && entry instanceof Entry.Sequenced first) {
            filter = before(first);
            begun[0] = true;
          }
          if (filter.judge(entry).counts()) {
            apply(entry, held, stored.offset() >= decided);
          }
        });
  }

  /** Where the counting rule stands just before the first entry of a journal that was truncated. */
  private static EntryFilter before(Entry.Sequenced first) {
    return first instanceof Entry.Claim claim
        ? new EntryFilter(claim.epoch() - 1, 0)
        : new EntryFilter(first.epoch(), first.sequence() - 1);
  }

  private void apply(Entry entry, State held, boolean isNewToLedger) {
    if (isNewToLedger) {
      ledger = ledger.after(entry);
    }
    switch (entry) {
      case Entry.Claim claim -> {
        clusterId = claim.clusterId();
        revision = Math.max(revision, claim.revisionFloor());
      }
      case Entry.Commit commit -> commit.changes().forEach(change -> apply(change, held));
      case Entry.Skip _, Entry.Heartbeat _, Entry.Mark _ -> {}
    }
  }

  /** A store topic gets its resource's changes in order: it has all up to the last one it has. */
  private void apply(Change change, State held) {
    revision = Math.max(revision, change.revision());
    if (change.revision() <= held.lastRevision(change.resource())) {
      return;
    }
    EncodedObject after = change.after() == null ? null : reader.after(change);
    state =
        after == null
            ? state.minus(change.resource(), change.key(), change.revision())
            : state.plus(after);
  }

  private long pad(long projected) {
    long end = log.end(journal, Isolation.READ_UNCOMMITTED);
    try (LogWriter writer = log.openWriter()) {
      for (long from = end; from < projected; from += BATCH) {
        long to = Math.min(projected, from + BATCH);
        List<CompletableFuture<Long>> marks = new ArrayList<>();
        for (long nonce = from; nonce < to; nonce++) {
          marks.add(append(writer, new Entry.Mark(CLAIMANT, nonce)));
        }
        marks.forEach(CompletableFuture::join);
      }
    }
    return Math.max(0, projected - end);
  }

  /** Claims until no epoch that was ever in force, even of a lost entry, can count again. */
  private void claim(long lastEpochKnown, long floor) {
    clusterId = clusterId.isEmpty() ? UUID.randomUUID().toString() : clusterId;
    try (LogWriter writer = log.openWriter()) {
      do {
        Entry.Claim claim =
            new Entry.Claim(filter.epoch() + 1, "", "", clock.millis(), clusterId, floor);
        long _ = append(writer, claim).join();
        filter.judge(claim);
      } while (filter.epoch() <= lastEpochKnown);
    }
  }

  private int rewrite(
      Collection<StorageResource> resources,
      State held,
      List<StoredRecord> assignments,
      Map<Partition, Long> ends,
      long floor) {
    long end = log.end(journal, Isolation.READ_UNCOMMITTED);
    ProjectedState projected =
        new ProjectedState(
            log, names, catalogue.assignmentPartitions(), clusterId, end - 1, clock.millis());
    projected.compareStore(resources, held, state, floor, reader.sealing());
    projected.compareAssignments(assignments, state, floor);
    Map<String, Long> named = new HashMap<>();
    ends.forEach((partition, offset) -> named.put(partition.toString(), offset));
    return projected.write(
        new Checkpoint(
            clusterId,
            log.topicId(names.journal()).orElseThrow(),
            end,
            floor,
            filter.epoch(),
            filter.sequence(),
            Optional.empty(),
            ledger.generations(),
            ledger.decided(),
            named));
  }

  private CompletableFuture<Long> append(LogWriter writer, Entry entry) {
    return writer.append(journal, LogRecord.of(null, EntryCodec.encode(entry), clock.millis()));
  }

  private Set<Partition> assignmentTopic() {
    return new HashSet<>(
        IntStream.range(0, catalogue.assignmentPartitions())
            .mapToObj(i -> new Partition(names.assignments(), i))
            .toList());
  }
}
