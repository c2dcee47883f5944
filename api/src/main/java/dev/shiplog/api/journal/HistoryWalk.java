package dev.shiplog.api.journal;

import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.History.Excerpt;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One way through the journal, for the changes of one resource. One thread at a time. */
final class HistoryWalk {

  private static final int MOST_EVENTS = 1000;
  private static final long MOST_BYTES = 1 << 20;

  /** Polls for one excerpt: another walk may have its turn then. */
  private static final int MOST_POLLS = 8;

  private final Partition journal;
  private final EntryReader entries;
  private final StorageResource resource;
  private final long after;
  private final EntryFilter filter;
  private long offset;
  private long seen;
  private List<StoredEvent> events = List.of();
  private long bytes;

  HistoryWalk(
      Partition journal, EntryReader entries, StorageResource resource, long after, Anchor from) {
    this.journal = journal;
    this.entries = entries;
    this.resource = resource;
    this.after = after;
    this.filter = new EntryFilter(from.epoch(), from.sequence());
    this.offset = from.offset();
    this.seen = after;
  }

  /**
   * Reads on.
   *
   * @param patience how long to wait for the log each time
   * @param applied not beyond this offset: nobody is to hear of what this server does not know yet
   * @throws LogUnavailableException if the log gives nothing of what it holds
   */
  Excerpt next(LogReader reader, Duration patience, long applied) {
    long before = offset;
    events = new ArrayList<>();
    bytes = 0;
    reader.assign(Map.of(journal, offset));
    for (int polls = 0; polls < MOST_POLLS && offset < applied && !isFull(); polls++) {
      take(reader.poll(patience), reader, applied);
    }
    if (offset == before && offset < applied) {
      throw new LogUnavailableException("no answer from the log at offset " + offset);
    }
    // Nothing that was fetched ahead is kept for as long as nobody reads.
    reader.assign(Map.of());
    Excerpt excerpt = new Excerpt(events, seen);
    events = List.of();
    return excerpt;
  }

  private void take(List<StoredRecord> records, LogReader reader, long applied) {
    for (StoredRecord stored : records) {
      if (stored.offset() >= applied || isFull()) {
        return;
      }
      take(EntryCodec.decode(stored));
      offset = stored.offset() + 1;
    }
    offset = Math.min(applied, reader.position(journal));
  }

  private boolean isFull() {
    return events.size() >= MOST_EVENTS || bytes >= MOST_BYTES;
  }

  private void take(Entry entry) {
    if (!filter.judge(entry).counts()) {
      return;
    }
    switch (entry) {
      // A recovery: what was lost between the revision and this is known to nobody.
      case Entry.Claim claim when claim.revisionFloor() > after ->
          throw JournalHistory.expired(after);
      case Entry.Commit commit -> commit.changes().forEach(this::take);
      case Entry.Claim _, Entry.Heartbeat _, Entry.Skip _, Entry.Mark _ -> {}
    }
  }

  private void take(Change change) {
    seen = Math.max(seen, change.revision());
    if (change.revision() <= after || !change.resource().equals(resource)) {
      return;
    }
    EncodedObject before = change.before() == null ? null : entries.before(change);
    EncodedObject after = entries.after(change);
    EncodedObject shared = after == null || before == null ? after : after.sharing(before);
    EncodedObject deleted = after == null ? before.withRevision(change.revision()) : null;
    events.add(new StoredEvent(change.revision(), before, shared, deleted));
    bytes += size(before) + size(shared) + size(deleted);
  }

  private static long size(EncodedObject object) {
    return object == null ? 0 : object.bytes().length;
  }
}
