package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.projection.CheckpointLog;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.View;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a server from nothing to the end of the journal: the checkpoint, then every store topic,
 * then the journal from the checkpoint on. The store topics may run ahead of the checkpoint, since
 * applying is idempotent; they may never run ahead of the journal. One use, one thread.
 */
final class Restore {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int PATIENCE = 60;
  private static final String RECOVER =
      " Data was lost, most likely with the power. Run `shiplog recover` to go on from what is"
          + " left.";

  private final LogSource log;
  private final TopicNames names;
  private final ObjectCodec codec;
  private final Partition journal;

  Restore(LogSource log, TopicNames names, ObjectCodec codec) {
    this.log = log;
    this.names = names;
    this.codec = codec;
    this.journal = Partition.only(names.journal());
  }

  /**
   * Restored state and what shows it.
   *
   * @param applied everything up to the journal's end, published in the view
   */
  record Restored(Applied applied, View view) {}

  /** Where in the journal to go on from, and what is known of that place. */
  private record Place(
      long offset,
      EntryFilter filter,
      CommandLedger ledger,
      String clusterId,
      Entry.Claim leader,
      long revision) {

    static Place beginning(String clusterId) {
      return new Place(0, new EntryFilter(), CommandLedger.EMPTY, clusterId, null, 0);
    }

    static Place of(Checkpoint checkpoint) {
      return new Place(
          checkpoint.offset(),
          new EntryFilter(checkpoint.epoch(), checkpoint.sequence()),
          CommandLedger.of(checkpoint.generations(), checkpoint.commands()),
          checkpoint.clusterId(),
          checkpoint.leader().map(leader -> claimOf(leader, checkpoint)).orElse(null),
          checkpoint.revision());
    }

    private static Entry.Claim claimOf(Checkpoint.Leader leader, Checkpoint checkpoint) {
      return new Entry.Claim(
          checkpoint.epoch(), leader.id(), leader.address(), 0, checkpoint.clusterId(), 0);
    }
  }

  /**
   * Reads all there is.
   *
   * @throws CannotStartException if the topics contradict each other
   * @throws dev.shiplog.topics.log.LogException if the log fails
   */
  Restored run(StoredResources resources, ViewLimits limits) {
    CheckpointLog.Contents known = CheckpointLog.contents(log, names);
    Optional<Checkpoint> checkpoint = known.newest();
    checkpoint.ifPresent(this::checkJournalId);
    StoreTopics.Content stored = new StoreTopics(log, names, codec).read(resources);
    OffsetRange range = log.range(journal, Isolation.READ_UNCOMMITTED);
    checkNotAhead(checkpoint, stored, range);
    Place from = placeToStart(known, stored, range);
    View view = new View(limits, stored.state(), from.offset(), from.revision());
    EntryReader reader = new EntryReader(codec, resources.sealing());
    Applied applied =
        new Applied(
            reader,
            from.filter(),
            from.ledger(),
            from.clusterId(),
            from.leader(),
            view,
            stored.stale());
    addAnchors(applied.anchors(), known, range);
    long revision = Math.max(from.revision(), replay(applied, reader, range.end()));
    if (stored.state().revision() > revision) {
      throw new CannotStartException(
          "The store topics hold revision %d, but the journal ends at revision %d.%s"
              .formatted(stored.state().revision(), revision, RECOVER));
    }
    applied.reachRevision(revision);
    applied.publish();
    return new Restored(applied, view);
  }

  private void checkJournalId(Checkpoint checkpoint) {
    String id = log.topicId(names.journal()).orElse("");
    if (!id.equals(checkpoint.journalTopicId())) {
      throw new CannotStartException(
          "Topic %s is not the journal that the checkpoint in %s was written for (its id is %s, not %s): it was deleted and made again. Restore it from a backup, run `shiplog recover` to go on from what the other topics hold, or delete all topics of prefix %s to start with an empty cluster."
              .formatted(
                  names.journal(),
                  names.checkpoint(),
                  id.isEmpty() ? "missing" : id,
                  checkpoint.journalTopicId(),
                  names.prefix()));
    }
  }

  private void checkNotAhead(
      Optional<Checkpoint> checkpoint, StoreTopics.Content stored, OffsetRange range) {
    long projected =
        Math.max(stored.lastJournalOffset() + 1, checkpoint.map(Checkpoint::offset).orElse(0L));
    if (projected > range.end()) {
      throw new CannotStartException(
          "Topic %s ends at offset %d, but what was projected from it reaches up to offset %d.%s"
              .formatted(names.journal(), range.end(), projected, RECOVER));
    }
  }

  /** How far back watches and lists may go. */
  private static void addAnchors(Anchors anchors, CheckpointLog.Contents known, OffsetRange range) {
    if (range.start() == 0) {
      anchors.add(Anchor.BEGINNING);
    }
    known.anchors().stream()
        .map(anchor -> Anchor.of(anchor.checkpoint(), anchor.timeMs()))
        .filter(anchor -> anchor.offset() >= range.start())
        .forEach(anchors::add);
  }

  /** The checkpoint's place, or further back if a store topic lost what it says was written. */
  private Place placeToStart(
      CheckpointLog.Contents known, StoreTopics.Content stored, OffsetRange range) {
    Optional<Checkpoint> checkpoint = known.newest();
    List<Partition> shortened =
        checkpoint.stream()
            .flatMap(c -> stored.ends().keySet().stream().filter(p -> isShort(c, p, stored)))
            .toList();
    if (!shortened.isEmpty()) {
      return placeBefore(shortened, known, stored, range);
    }
    Place place = checkpoint.map(Place::of).orElse(Place.beginning(""));
    if (place.offset() < range.start()) {
      throw tooLate(place.offset(), "the checkpoint says so", range);
    }
    return place;
  }

  /** Where everything that these partitions lost lies behind. */
  private Place placeBefore(
      List<Partition> shortened,
      CheckpointLog.Contents known,
      StoreTopics.Content stored,
      OffsetRange range) {
    List<CheckpointLog.Remains> remains =
        shortened.stream()
            .map(one ->
                new CheckpointLog.Remains(
                    one, stored.ends().get(one), stored.lastEntries().getOrDefault(one, -1L)))
            .toList();
    Optional<Checkpoint> anchor = known.anchorBefore(range.start(), remains);
    if (anchor.isEmpty() && range.start() > 0) {
      long firstLost = remains.stream().mapToLong(one -> one.lastEntry() + 1).min().orElseThrow();
      throw tooLate(firstLost, shortened + " is shorter than the checkpoint says", range);
    }
    return anchor.map(Place::of).orElse(Place.beginning(known.newest().orElseThrow().clusterId()));
  }

  private CannotStartException tooLate(long offset, String why, OffsetRange range) {
    return new CannotStartException(
        "The journal has to be read from offset %d because %s, but topic %s starts at offset %d: restore the topics from a backup, or run `shiplog recover` to go on from what is left."
            .formatted(offset, why, names.journal(), range.start()));
  }

  private static boolean isShort(
      Checkpoint checkpoint, Partition partition, StoreTopics.Content stored) {
    return stored.ends().get(partition) < end(checkpoint, partition);
  }

  private static long end(Checkpoint checkpoint, Partition partition) {
    return checkpoint.ends().getOrDefault(partition.toString(), 0L);
  }

  /** Applies the journal up to an offset; returns the last revision found in it. */
  private long replay(Applied applied, EntryReader reader, long end) {
    long revision = 0;
    int emptyPolls = 0;
    try (LogReader source = log.openReader(Isolation.READ_UNCOMMITTED)) {
      source.assign(Map.of(journal, applied.position()));
      while (source.position(journal) < end) {
        List<StoredRecord> records = source.poll(POLL);
        for (StoredRecord stored : records) {
          revision = Math.max(revision, apply(reader.read(stored, -1), applied));
        }
        applied.moveTo(source.position(journal));
        emptyPolls = records.isEmpty() ? emptyPolls + 1 : 0;
        if (emptyPolls > PATIENCE) {
          throw new CannotStartException(
              "Topic %s ends at offset %d, but gave nothing after offset %d for %d s."
                  .formatted(
                      names.journal(),
                      end,
                      applied.position(),
                      POLL.multipliedBy(PATIENCE).toSeconds()));
        }
      }
    }
    return revision;
  }

  private static long apply(TailedEntry tailed, Applied applied) {
    if (!applied.judge(tailed).counts()) {
      return 0;
    }
    applied.apply(tailed);
    return switch (tailed.entry()) {
      case Entry.Claim claim -> claim.revisionFloor();
      case Entry.Commit commit ->
          commit.changes().stream().mapToLong(Change::revision).max().orElse(0);
      case Entry.Heartbeat _, Entry.Skip _, Entry.Mark _ -> 0;
    };
  }
}
