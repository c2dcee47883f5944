package dev.shiplog.api.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What watchers may rely on. */
class EventRingTest {

  private static final int SLOTS = 64;

  private State state = State.EMPTY;
  private final View view = new View(new ViewLimits(SLOTS, 1 << 20), State.EMPTY, 0, 0);

  @Test
  void eventsComeInOrderAndOnce() {
    EventCursor cursor = view.events(TestObjects.PODS, 0);
    change(10);

    assertThat(cursor.poll(4)).extracting(StoredEvent::revision).containsExactly(1L, 2L, 3L, 4L);
    assertThat(cursor.poll(100)).hasSize(6);
    assertThat(cursor.poll(100)).isEmpty();
  }

  @Test
  void aWatchStartsAfterItsRevision() {
    change(10);

    assertThat(view.events(TestObjects.PODS, 7).poll(100))
        .extracting(StoredEvent::revision)
        .containsExactly(8L, 9L, 10L);
  }

  @Test
  void aWatchFromARevisionStillToComeLeavesOutWhatIsBeforeIt() {
    EventCursor cursor = view.events(TestObjects.PODS, 3);
    change(5);

    assertThat(cursor.poll(100)).extracting(StoredEvent::revision).containsExactly(4L, 5L);
  }

  @Test
  void aCursorThatFellBehindIsExpiredAndHindersNobody() {
    EventCursor slow = view.events(TestObjects.PODS, 0);
    change(SLOTS);
    EventCursor quick = view.events(TestObjects.PODS, SLOTS);
    change(1);

    assertThat(quick.poll(100)).hasSize(1);
    assertExpired(() -> slow.poll(1));
    assertExpired(() -> slow.poll(1));
  }

  @Test
  void aWatchFromBeforeWhatIsKeptIsExpired() {
    change(SLOTS + 5);

    assertExpired(() -> view.events(TestObjects.PODS, 4));
    assertThat(view.events(TestObjects.PODS, 5).poll(1))
        .extracting(StoredEvent::revision)
        .containsExactly(6L);
  }

  @Test
  void eventsAreKeptOnlyUpToSoManyBytes() {
    View small = new View(new ViewLimits(SLOTS, 4000), State.EMPTY, 0, 0);
    for (int revision = 1; revision <= 20; revision++) {
      EncodedObject object = TestObjects.pod("a", revision, "x".repeat(300));
      small.record(TestObjects.PODS, new StoredEvent(revision, null, object, null));
    }
    small.publish(State.EMPTY.atLeast(20), 20);

    assertExpired(() -> small.events(TestObjects.PODS, 0));
    assertThat(small.events(TestObjects.PODS, 19).poll(10)).hasSize(1);
  }

  @Test
  void aBookmarkGrowsWhileTheResourceRests() {
    EventCursor cursor = view.events(TestObjects.PODS, 0);
    change(3);
    cursor.poll(2);
    assertThat(cursor.seenRevision()).isEqualTo(2);
    cursor.poll(2);
    assertThat(cursor.seenRevision()).isEqualTo(3);

    view.publish(state.atLeast(9), 9);

    assertThat(cursor.poll(2)).isEmpty();
    assertThat(cursor.seenRevision()).isEqualTo(9);
  }

  @Test
  void aWatcherIsWokenOncePerRequest() {
    AtomicInteger calls = new AtomicInteger();
    EventCursor cursor = view.events(TestObjects.PODS, 0);
    cursor.whenAvailable(calls::incrementAndGet);
    change(2);
    assertThat(calls).hasValue(1);

    cursor.whenAvailable(calls::incrementAndGet);
    assertThat(calls).hasValue(2);

    cursor.poll(10);
    cursor.whenAvailable(calls::incrementAndGet);
    assertThat(calls).hasValue(2);
  }

  @Test
  void whatTheStateDoesNotHaveYetIsNotTold() {
    AtomicInteger calls = new AtomicInteger();
    EventCursor cursor = view.events(TestObjects.PODS, 0);
    change(1);
    view.record(TestObjects.PODS, new StoredEvent(2, null, TestObjects.pod("b", 2, ""), null));

    assertThat(cursor.poll(10)).extracting(StoredEvent::revision).containsExactly(1L);
    assertThat(cursor.seenRevision()).isEqualTo(1);
    assertThat(cursor.poll(10)).isEmpty();
    cursor.whenAvailable(calls::incrementAndGet);
    assertThat(calls).hasValue(0);

    view.publish(state.atLeast(2), 2);
    assertThat(calls).hasValue(1);
    assertThat(cursor.poll(10)).extracting(StoredEvent::revision).containsExactly(2L);
  }

  @Test
  void aClosedWatcherIsNotWoken() {
    AtomicInteger calls = new AtomicInteger();
    EventCursor cursor = view.events(TestObjects.PODS, 0);
    cursor.whenAvailable(calls::incrementAndGet);
    cursor.close();
    change(1);

    assertThat(calls).hasValue(0);
  }

  @Test
  void readersBesideTheWriterSeeEveryEventOrAreToldThatTheyDidNot() {
    int changes = 200_000;
    AtomicBoolean done = new AtomicBoolean();
    List<CompletableFuture<Long>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(CompletableFuture.supplyAsync(() -> follow(done, changes)));
    }
    change(changes);
    done.set(true);

    assertThat(readers).extracting(CompletableFuture::join).allMatch(seen -> seen == changes);
  }

  /** Reads to the end, starting again at the newest revision when overtaken. */
  private long follow(AtomicBoolean done, int last) {
    EventCursor cursor = atTheNewest();
    long seen = cursor.seenRevision();
    while (seen < last) {
      try {
        boolean all = done.get();
        List<StoredEvent> events = cursor.poll(10);
        if (all && events.isEmpty()) {
          throw new AssertionError("nothing after " + seen);
        }
        for (StoredEvent event : events) {
          if (event.revision() != seen + 1) {
            throw new AssertionError(event.revision() + " after " + seen);
          }
          seen = event.revision();
        }
      } catch (ApiFailure expired) {
        cursor = atTheNewest();
        seen = cursor.seenRevision();
      }
    }
    return seen;
  }

  private EventCursor atTheNewest() {
    while (true) {
      try {
        return view.events(TestObjects.PODS, view.current().revision());
      } catch (ApiFailure expired) {
        Thread.onSpinWait();
      }
    }
  }

  private void change(int times) {
    for (int i = 0; i < times; i++) {
      long revision = state.revision() + 1;
      EncodedObject before = state.get(TestObjects.PODS, "default/a");
      EncodedObject after = TestObjects.pod("a", revision, "");
      state = state.plus(after);
      view.record(TestObjects.PODS, new StoredEvent(revision, before, after, null));
      view.publish(state, revision);
    }
  }

  private static void assertExpired(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.EXPIRED));
  }
}
