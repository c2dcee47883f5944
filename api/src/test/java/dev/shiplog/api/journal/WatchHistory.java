package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.topics.journal.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** A watch of the pods on one server from some revision on, and everything it was given. */
final class WatchHistory {

  private final DrivenServer server;
  private final long after;
  private final EventCursor cursor;
  private final List<StoredEvent> events = new ArrayList<>();

  WatchHistory(DrivenServer server) {
    this.server = server;
    this.after = server.state().revision();
    this.cursor = server.view().events(TestStore.PODS, after);
  }

  void poll(int atMost) {
    events.addAll(cursor.poll(atMost));
    assertThat(server.state().revision()).isGreaterThanOrEqualTo(cursor.seenRevision());
  }

  /** Exactly the changes after its start, in order: none missing, none twice, none made up. */
  void check(NavigableMap<Long, Change> counted) {
    List<Change> due =
        List.copyOf(counted.subMap(after, false, cursor.seenRevision(), true).values());
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
