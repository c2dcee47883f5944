package dev.shiplog.api.journal;

import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.History.Excerpt;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.log.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A walk for the changes of one resource. One thread at a time. */
final class HistoryWalk implements JournalWalk.Taker {

  private static final int MOST_EVENTS = 1000;
  private static final long MOST_BYTES = 1 << 20;

  private final JournalWalk walk;
  private final EntryReader entries;
  private final StorageResource resource;
  private final long after;
  private List<StoredEvent> events = List.of();
  private long bytes;

  HistoryWalk(JournalWalk walk, EntryReader entries, StorageResource resource, long after) {
    this.walk = walk;
    this.entries = entries;
    this.resource = resource;
    this.after = after;
  }

  /**
   * Reads on.
   *
   * @param patience how long to wait for the log each time
   * @param applied not beyond this offset: nobody is to hear of what this server does not know yet
   * @throws dev.shiplog.topics.log.LogUnavailableException if the log gives nothing of what it
   *     holds
   */
  Excerpt next(LogReader reader, Duration patience, long applied) {
    events = new ArrayList<>();
    bytes = 0;
    walk.advance(reader, patience, applied, this);
    Excerpt excerpt = new Excerpt(events, walk.seen());
    events = List.of();
    return excerpt;
  }

  @Override
  public boolean isFull() {
    return events.size() >= MOST_EVENTS || bytes >= MOST_BYTES;
  }

  @Override
  public void take(Entry.Commit commit) {
    commit.changes().forEach(this::take);
  }

  private void take(Change change) {
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
