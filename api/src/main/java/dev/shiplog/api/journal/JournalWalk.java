package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One way through the journal, from an anchor on, some entries at a time. One thread at a time. */
final class JournalWalk {

  /** Polls at a time: another walk may have its turn then. */
  private static final int MOST_POLLS = 8;

  /** What is done with the commits that count. */
  interface Taker {
    void take(Entry.Commit commit);

    /** Whether it has enough for now. */
    boolean isFull();
  }

  private final Partition journal;
  private final Anchors anchors;
  private final long after;
  private final EntryFilter filter;
  private long offset;
  private long seen;

  /**
   * Begins at an anchor.
   *
   * @param after the revision whose future is wanted; not before the anchor's
   */
  JournalWalk(Partition journal, Anchors anchors, Anchor from, long after) {
    this.journal = journal;
    this.anchors = anchors;
    this.after = after;
    this.filter = new EntryFilter(from.epoch(), from.sequence());
    this.offset = from.offset();
    this.seen = after;
  }

  /** The last revision that was passed. */
  long seen() {
    return seen;
  }

  boolean hasReached(long end) {
    return offset >= end;
  }

  /**
   * Reads on.
   *
   * @param patience how long to wait for the log each time
   * @param end not beyond this offset
   * @throws LogUnavailableException if the log gives nothing of what it holds
   */
  void advance(LogReader reader, Duration patience, long end, Taker taker) {
    long before = offset;
    reader.assign(Map.of(journal, offset));
    for (int polls = 0; polls < MOST_POLLS && offset < end && !taker.isFull(); polls++) {
      take(reader.poll(patience), reader, end, taker);
    }
    if (offset == before && offset < end && !taker.isFull()) {
      throw new LogUnavailableException("no answer from the log at offset " + offset);
    }
    // Nothing that was fetched ahead is kept for as long as nobody reads.
    reader.assign(Map.of());
  }

  private void take(List<StoredRecord> records, LogReader reader, long end, Taker taker) {
    for (StoredRecord stored : records) {
      if (stored.offset() >= end || taker.isFull()) {
        return;
      }
      take(EntryCodec.decode(stored), taker);
      offset = stored.offset() + 1;
    }
    offset = Math.min(end, reader.position(journal));
  }

  private void take(Entry entry, Taker taker) {
    if (!filter.judge(entry).counts()) {
      return;
    }
    switch (entry) {
      // A recovery: what was lost between the revision and this is known to nobody.
      case Entry.Claim claim when claim.revisionFloor() > after ->
          throw anchors.expired(after, claim.revisionFloor());
      case Entry.Commit commit -> {
        taker.take(commit);
        for (Change change : commit.changes()) {
          seen = Math.max(seen, change.revision());
        }
      }
      case Entry.Claim _, Entry.Heartbeat _, Entry.Skip _, Entry.Mark _ -> {}
    }
  }
}
