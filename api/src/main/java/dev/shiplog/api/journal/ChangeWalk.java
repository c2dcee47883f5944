package dev.shiplog.api.journal;

import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.SealedValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Collects the wanted changes of a range of revisions, up to a bound: then it either is full, or
 * lets go of the oldest. One thread at a time.
 */
final class ChangeWalk implements JournalWalk.Taker {

  private static final int MOST_CHANGES = 500;
  private static final long MOST_BYTES = 2 << 20;

  private final Predicate<RecordedChange> wanted;
  private final long after;
  private final long upTo;
  private final boolean keepsNewest;
  private final Deque<RecordedChange> changes = new ArrayDeque<>();
  private long bytes;
  private boolean past;
  private boolean cut;

  private ChangeWalk(Predicate<RecordedChange> wanted, long after, long upTo, boolean keepsNewest) {
    this.wanted = wanted;
    this.after = after;
    this.upTo = upTo;
    this.keepsNewest = keepsNewest;
  }

  /** Collects the first ones after a revision. */
  static ChangeWalk firstAfter(long revision, Predicate<RecordedChange> wanted) {
    return new ChangeWalk(wanted, revision, Long.MAX_VALUE, false);
  }

  /** Collects the last ones of a range. */
  static ChangeWalk lastOf(long after, long upTo, Predicate<RecordedChange> wanted) {
    return new ChangeWalk(wanted, after, upTo, true);
  }

  @Override
  public void take(Entry.Commit commit) {
    for (Change change : commit.changes()) {
      past |= change.revision() >= upTo;
      if (change.revision() > after && change.revision() <= upTo) {
        RecordedChange recorded = new RecordedChange(change, commit.origin(), commit.timeMs());
        if (wanted.test(recorded)) {
          add(recorded);
        }
      }
    }
  }

  @Override
  public boolean isFull() {
    return past || (!keepsNewest && isOverfull());
  }

  List<RecordedChange> oldestFirst() {
    return List.copyOf(changes);
  }

  List<RecordedChange> newestFirst() {
    List<RecordedChange> reversed = new ArrayList<>(changes.size());
    changes.descendingIterator().forEachRemaining(reversed::add);
    return reversed;
  }

  /** Whether older ones were let go of. */
  boolean isCut() {
    return cut;
  }

  private void add(RecordedChange change) {
    changes.addLast(change);
    bytes += size(change);
    while (keepsNewest && isOverfull() && changes.size() > 1) {
      bytes -= size(changes.removeFirst());
      cut = true;
    }
  }

  private boolean isOverfull() {
    return changes.size() >= MOST_CHANGES || bytes >= MOST_BYTES;
  }

  private static long size(RecordedChange recorded) {
    return size(recorded.change().before()) + size(recorded.change().after());
  }

  private static long size(SealedValue value) {
    return value == null ? 0 : value.bytes().length;
  }
}
