package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.topics.journal.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * A watch of the pods on one server from some revision on, and everything it was given. Where the
 * journal could not be read, it goes on from where it was.
 */
final class WatchHistory {

  private final DrivenServer server;
  private final long after;
  private final List<StoredEvent> events = new ArrayList<>();
  private EventCursor cursor;
  private long seen;
  private boolean expired;

  /**
   * Begins after a revision.
   *
   * @param after not ahead of the server
   */
  WatchHistory(DrivenServer server, long after) {
    this.server = server;
    this.after = after;
    this.seen = after;
  }

  void poll(int atMost) {
    if (expired) {
      return;
    }
    try {
      cursor = cursor == null ? server.view().events(TestStore.PODS, seen) : cursor;
      events.addAll(cursor.poll(atMost));
      seen = cursor.seenRevision();
      // Whoever is told of a change and looks, sees it.
      assertThat(server.state().revision()).isGreaterThanOrEqualTo(seen);
    } catch (ApiFailure failure) {
      assertThat(failure.reason()).isIn(Reason.EXPIRED, Reason.SERVICE_UNAVAILABLE);
      expired = failure.reason() == Reason.EXPIRED;
      cursor = null;
    }
  }

  /** Whether what it began after is no longer kept. */
  boolean isExpired() {
    return expired;
  }

  /** Exactly the changes after its start, in order: none missing, none twice, none made up. */
  void check(NavigableMap<Long, Change> counted) {
    List<Change> due = List.copyOf(counted.subMap(after, false, seen, true).values());
    assertThat(events)
        .as("watch on %s after revision %d", server.id, after)
        .extracting(StoredEvent::revision)
        .containsExactlyElementsOf(due.stream().map(Change::revision).toList());
    for (int i = 0; i < due.size(); i++) {
      Change change = due.get(i);
      StoredEvent event = events.get(i);
      assertThat(event.before() == null ? null : event.before().bytes())
          .isEqualTo(change.before() == null ? null : change.before().open());
      assertThat(event.after() == null ? null : event.after().bytes())
          .isEqualTo(change.after() == null ? null : change.after().open());
    }
  }
}
