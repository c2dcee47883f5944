package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.NODES;
import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.content;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.deleteObject;
import static dev.shiplog.api.journal.TestStore.pod;
import static dev.shiplog.api.journal.TestStore.updateObject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.projection.DrivenProjection;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches and lists that start before what memory holds. */
class HistoryTest {

  private static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());

  /** Few, so that the past is soon in the journal alone. */
  private static final int REMEMBERED = 64;

  private static final int UPDATES = 500;

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private JournalStore store;
  private StoredObject changing;

  /** Revision 1 is a pod that stays, 2 a node, 3 a pod that is deleted at 4, then one changes. */
  @BeforeEach
  void changeALot() {
    start();
    createObject(store, pod("stays"), "").join();
    createObject(store, new ObjectKey(NODES, "", "n"), "").join();
    StoredObject gone = createObject(store, pod("gone"), "last").join().objects().getFirst();
    deleteObject(store, gone).join();
    changing = createObject(store, pod("changes"), "5").join().objects().getFirst();
    for (int revision = 6; revision < UPDATES; revision++) {
      changing =
          updateObject(store, changing, Integer.toString(revision)).join().objects().getFirst();
    }
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void aWatchFromBeforeWhatIsInMemoryGetsEveryChangeOnce() throws Exception {
    assertThat(watch(0, UPDATES - 1)).containsExactlyElementsOf(podRevisions(0));
    assertThat(watch(100, UPDATES - 1)).containsExactlyElementsOf(podRevisions(100));
  }

  @Test
  void itGoesOnWithWhatComes() throws Exception {
    try (EventCursor cursor = store.events(PODS, 300)) {
      take(cursor, UPDATES - 1);
      changing = updateObject(store, changing, "new").join().objects().getFirst();

      assertThat(take(cursor, UPDATES))
          .singleElement()
          .satisfies(event -> assertThat(content(event.after())).isEqualTo("new"));
    }
  }

  @Test
  void aWatchThatMemoryRanAwayFromGoesOnFromTheJournal() throws Exception {
    try (EventCursor cursor = store.events(PODS, UPDATES - 1)) {
      for (int i = 0; i < 3 * REMEMBERED; i++) {
        changing = updateObject(store, changing, "more " + i).join().objects().getFirst();
      }

      assertThat(take(cursor, changing.revision()))
          .extracting(StoredEvent::revision)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(UPDATES, changing.revision()).boxed().toList());
    }
  }

  @Test
  void aDeletionInThePastCarriesItsRevision() throws Exception {
    try (EventCursor cursor = store.events(PODS, 3)) {
      StoredEvent deletion = take(cursor, 4).getFirst();

      assertThat(deletion.after()).isNull();
      assertThat(deletion.deleted().revision()).isEqualTo(4);
      assertThat(content(deletion.before())).isEqualTo("last");
    }
  }

  @Test
  void theStateAtAnyRevisionIsRead() {
    assertThat(contents(3)).containsExactly("gone=last", "stays=");
    assertThat(contents(4)).containsExactly("stays=");
    assertThat(contents(250)).containsExactly("changes=250", "stays=");
    assertThat(contents(UPDATES - 2)).containsExactly("changes=" + (UPDATES - 2), "stays=");
  }

  @Test
  void whatWasProjectedBeforeARestartIsHistoryToo() throws Exception {
    project(Duration.ofDays(1));
    restart();

    assertThat(watch(3, UPDATES - 1)).containsExactlyElementsOf(podRevisions(3));
    assertThat(contents(100)).containsExactly("changes=100", "stays=");
  }

  @Test
  void aJournalThatWasCutStillBringsUpAServer() throws Exception {
    project(Duration.ZERO);
    long start = log.range(JOURNAL, Isolation.READ_UNCOMMITTED).start();
    restart();

    assertThat(start).isPositive();
    assertThat(content(store.current().get(pod("changes")).orElseThrow()))
        .isEqualTo(Integer.toString(UPDATES - 1));
    assertThat(createObject(store, pod("next"), "").join().revision()).isEqualTo(UPDATES);
  }

  @Test
  void aCutJournalGivesTheHistoryThatIsLeftAndSaysWhatIsGone() throws Exception {
    project(Duration.ZERO);
    restart();
    for (int i = 0; i < 3 * REMEMBERED; i++) {
      changing = updateObject(store, changing, "more " + i).join().objects().getFirst();
    }

    assertThat(watch(UPDATES - 1, changing.revision())).hasSize(3 * REMEMBERED);
    assertExpired(() -> watch(100, UPDATES));
    assertExpired(() -> contents(100));
  }

  @Test
  void whatOnlyTheCutPartHeldIsNotMadeUp() {
    project(Duration.ZERO);
    store.close();
    log.deleteTopic(TestStore.NAMES.store(NODES));

    assertThatThrownBy(this::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("shiplog recover");
  }

  @Test
  void somebodyElsesCutEndsAWatchOfThePastAsExpired() {
    log.truncateBefore(JOURNAL, 400);

    assertExpired(() -> watch(100, UPDATES - 1));
    assertExpired(() -> watch(100, UPDATES - 1));
  }

  private List<Long> watch(long after, long upTo) throws Exception {
    try (EventCursor cursor = store.events(PODS, after)) {
      return take(cursor, upTo).stream().map(StoredEvent::revision).toList();
    }
  }

  private static List<StoredEvent> take(EventCursor cursor, long upTo) throws Exception {
    List<StoredEvent> events = new ArrayList<>();
    while (cursor.seenRevision() < upTo) {
      List<StoredEvent> some = cursor.poll(7);
      events.addAll(some);
      if (some.isEmpty() && cursor.seenRevision() < upTo) {
        CompletableFuture<Void> available = new CompletableFuture<>();
        cursor.whenAvailable(() -> available.complete(null));
        available.get(30, TimeUnit.SECONDS);
      }
    }
    return events;
  }

  private static List<Long> podRevisions(long after) {
    return LongStream.range(after + 1, UPDATES).filter(r -> r != 2).boxed().toList();
  }

  private List<String> contents(long revision) {
    Snapshot past = store.past(PODS, revision).join();
    assertThat(past.revision()).isEqualTo(revision);
    List<String> contents = new ArrayList<>();
    past.list(PODS, "", "").forEachRemaining(o -> contents.add(o.key().name() + "=" + content(o)));
    return contents;
  }

  private void project(Duration history) {
    try (DrivenProjection projection =
        new DrivenProjection(log, TestStore.NAMES, TestStore.ASSIGNMENT_PARTITIONS, 100, history)) {
      projection.step();
    }
  }

  private void restart() {
    store.close();
    start();
  }

  private void start() {
    store =
        TestStore.on(
            log,
            faults,
            JournalSettings.alone("test").remembering(new ViewLimits(REMEMBERED, 1 << 20)));
    store.start();
  }

  private static void assertExpired(ThrowingCallable call) {
    assertThatThrownBy(
            () -> {
              try {
                call.call();
              } catch (CompletionException e) {
                throw e.getCause();
              }
            })
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.EXPIRED));
  }
}
