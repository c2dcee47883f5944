package dev.shiplog.api.projection;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.Checkpoint.DecidedCommands;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far the projection got: what the next checkpoint will say. It starts from the last checkpoint
 * and takes in entries one by one. Mutable; the projection's thread alone.
 */
final class Progress {

  private final String journalTopicId;
  private final EntryFilter filter;
  private final Map<String, Long> ends;
  private CommandLedger ledger;
  private String clusterId;
  private Optional<Checkpoint.Leader> leader = Optional.empty();
  private long offset;
  private long revision;

  private Progress(
      String journalTopicId,
      EntryFilter filter,
      Map<String, Long> ends,
      CommandLedger ledger,
      String clusterId,
      long offset,
      long revision) {
    this.journalTopicId = journalTopicId;
    this.filter = filter;
    this.ends = ends;
    this.ledger = ledger;
    this.clusterId = clusterId;
    this.offset = offset;
    this.revision = revision;
  }

  /**
   * Goes on from a checkpoint.
   *
   * @param journalTopicId id of the journal that is there now
   * @throws IllegalStateException if the checkpoint is of another journal
   */
  static Progress from(Checkpoint checkpoint, String journalTopicId) {
    if (!checkpoint.journalTopicId().equals(journalTopicId)) {
      throw new IllegalStateException(
          "the checkpoint belongs to the journal with topic id "
              + checkpoint.journalTopicId()
              + ", but the journal has id "
              + journalTopicId
              + ": it was deleted and made anew; restore it, or use another topic prefix");
    }
    Progress progress =
        new Progress(
            journalTopicId,
            new EntryFilter(checkpoint.epoch(), checkpoint.sequence()),
            new HashMap<>(checkpoint.ends()),
            CommandLedger.of(checkpoint.generations(), checkpoint.commands()),
            checkpoint.clusterId(),
            checkpoint.offset(),
            checkpoint.revision());
    progress.leader = checkpoint.leader();
    return progress;
  }

  /** Starts at the beginning of a new journal. */
  static Progress beginning(String journalTopicId) {
    return new Progress(
        journalTopicId, new EntryFilter(), new HashMap<>(), CommandLedger.EMPTY, "", 0, 0);
  }

  /**
   * Starts once more at a place before the checkpoint's.
   *
   * @param anchor that place; the journal's beginning if absent
   */
  static Progress again(
      String journalTopicId, Optional<Checkpoint> anchor, Map<String, Long> ends) {
    return anchor
        .map(place -> from(place.withEnds(ends), journalTopicId))
        .orElseGet(() ->
            new Progress(
                journalTopicId,
                new EntryFilter(),
                new HashMap<>(ends),
                CommandLedger.EMPTY,
                "",
                0,
                0));
  }

  long offset() {
    return offset;
  }

  String clusterId() {
    return clusterId;
  }

  /** Moves past an entry; returns it if it counts. */
  Optional<Entry> take(long entryOffset, Entry entry) {
    offset = entryOffset + 1;
    if (!filter.judge(entry).counts()) {
      return Optional.empty();
    }
    if (entry instanceof Claim claim) {
      clusterId = claim.clusterId();
      leader = Optional.of(new Checkpoint.Leader(claim.leader(), claim.address()));
      revision = Math.max(revision, claim.revisionFloor());
    }
    if (entry instanceof Commit commit) {
      revision = Math.max(revision, commit.changes().getLast().revision());
    }
    ledger = ledger.after(entry);
    return Optional.of(entry);
  }

  /** A record was written to a projected partition at this offset. */
  void wrote(Partition partition, long at) {
    ends.merge(partition.toString(), at + 1, Math::max);
  }

  Checkpoint checkpoint() {
    DecidedCommands decided = ledger.decided();
    return new Checkpoint(
        clusterId,
        journalTopicId,
        offset,
        revision,
        filter.epoch(),
        filter.sequence(),
        leader,
        ledger.generations(),
        decided,
        ends);
  }
}
