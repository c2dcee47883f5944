package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.content;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.deleteObject;
import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static dev.shiplog.api.journal.TestStore.request;
import static dev.shiplog.api.journal.TestStore.updateObject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What one server that leads promises to the verbs of the API. */
class JournalStoreTest extends OnTestStore {

  @Test
  void aCreatedObjectIsReadBackWithItsRevisionInside() {
    StoredObject created = createObject(store, pod("a"), "one").join().objects().getFirst();

    StoredObject read = store.current().get(pod("a")).orElseThrow();

    assertThat(read.tree().path("metadata").path("resourceVersion").asLong())
        .isEqualTo(created.revision())
        .isEqualTo(read.revision());
    assertThat(content(read)).isEqualTo("one");
  }

  @Test
  void revisionsAscendOverAllResources() {
    long first = createObject(store, pod("a"), "").join().revision();
    long second =
        createObject(store, new dev.shiplog.api.store.ObjectKey(TestStore.NODES, "", "n"), "")
            .join()
            .revision();

    assertThat(second).isEqualTo(first + 1);
  }

  @Test
  void aTakenKeyIsRefusedAsAlreadyExisting() {
    createObject(store, pod("a"), "one").join();

    assertFailure(createObject(store, pod("a"), "two"), Reason.ALREADY_EXISTS);
  }

  @Test
  void anUpdateFromAnOldRevisionIsStale() {
    StoredObject old = createObject(store, pod("a"), "one").join().objects().getFirst();
    StoredObject current = updateObject(store, old, "two").join().objects().getFirst();

    assertThatThrownBy(() -> updateObject(store, old, "three").get())
        .cause()
        .isInstanceOfSatisfying(
            StaleException.class,
            stale -> assertThat(stale.currentRevision()).isEqualTo(current.revision()));
  }

  @Test
  void anUpdateThatChangesNoByteMakesNoEntry() {
    StoredObject created = createObject(store, pod("a"), "one").join().objects().getFirst();

    CommitResult result = updateObject(store, created, "one").join();

    assertThat(result.revision()).isZero();
    assertThat(result.objects()).containsExactly(created);
    assertThat(store.current().revision()).isEqualTo(created.revision());
  }

  @Test
  void aDeletedObjectIsAnsweredWithTheRevisionOfItsDeletion() {
    StoredObject created = createObject(store, pod("a"), "one").join().objects().getFirst();

    CommitResult result = deleteObject(store, created).join();

    StoredObject deleted = result.objects().getFirst();
    assertThat(deleted.revision()).isEqualTo(created.revision() + 1).isEqualTo(result.revision());
    assertThat(deleted.tree().path("metadata").path("resourceVersion").asText())
        .isEqualTo(Long.toString(deleted.revision()));
    assertThat(store.current().get(pod("a"))).isEmpty();
  }

  @Test
  void aTransactionTakesEffectAsAWhole() {
    CommitResult result =
        store
            .commit(
                request(
                    new ProposedChange.Create(pod("a"), object(pod("a"), "")),
                    new ProposedChange.Create(pod("b"), object(pod("b"), ""))))
            .join();

    assertThat(result.objects()).extracting(StoredObject::revision).containsExactly(1L, 2L);
    assertThat(store.current().count(PODS, "default")).isEqualTo(2);
  }

  @Test
  void aTransactionThatIsRefusedInOnePartChangesNothing() {
    createObject(store, pod("b"), "").join();

    CompletableFuture<CommitResult> refused =
        store.commit(
            request(
                new ProposedChange.Create(pod("a"), object(pod("a"), "")),
                new ProposedChange.Create(pod("b"), object(pod("b"), ""))));

    assertFailure(refused, Reason.ALREADY_EXISTS);
    assertThat(store.current().get(pod("a"))).isEmpty();
  }

  @Test
  void aDryRunAnswersAndChangesNothing() {
    CommitRequest request =
        new CommitRequest(
            TestStore.origin(),
            List.of(new ProposedChange.Create(pod("a"), object(pod("a"), "one"))),
            true);

    CommitResult result = store.commit(request).join();

    assertThat(content(result.objects().getFirst())).isEqualTo("one");
    assertThat(result.revision()).isZero();
    assertThat(store.current().get(pod("a"))).isEmpty();
  }

  @Test
  void anObjectOfMoreThanThreeMebibytesIsTooLarge() {
    String content = "x".repeat(3 << 20);

    assertFailure(createObject(store, pod("a"), content), Reason.REQUEST_ENTITY_TOO_LARGE);

    createObject(store, pod("a"), "small").join();
  }

  @Test
  void anEntryOfMoreThanEightMebibytesIsTooLarge() {
    String content = "x".repeat(2_900_000);
    ProposedChange[] changes =
        List.of("a", "b", "c").stream()
            .map(name -> new ProposedChange.Create(pod(name), object(pod(name), content)))
            .toArray(ProposedChange[]::new);

    assertFailure(store.commit(request(changes)), Reason.REQUEST_ENTITY_TOO_LARGE);

    assertThat(createObject(store, pod("a"), "small").join().revision()).isEqualTo(1);
  }

  @Test
  void aLatestReadSeesWhatWasAnsweredBefore() {
    createObject(store, pod("a"), "one").join();

    Snapshot snapshot = store.read(new ReadAt.Latest()).join();

    assertThat(snapshot.get(pod("a"))).isPresent();
  }

  @Test
  void aReadAtAnExactRevisionSeesThatRevision() {
    StoredObject first = createObject(store, pod("a"), "one").join().objects().getFirst();
    StoredObject second = updateObject(store, first, "two").join().objects().getFirst();
    createObject(store, pod("b"), "").join();
    deleteObject(store, second).join();

    assertThat(contentAt(first.revision())).isEqualTo("one");
    assertThat(contentAt(second.revision())).isEqualTo("two");
    assertThat(at(second.revision()).count(PODS, "")).isEqualTo(1);
    assertThat(at(second.revision() + 1).count(PODS, "")).isEqualTo(2);
  }

  @Test
  void aReadNotOlderThanARevisionWaitsForIt() {
    CompletableFuture<Snapshot> read = store.read(new ReadAt.NotOlderThan(1));
    assertThat(read).isNotDone();

    createObject(store, pod("a"), "").join();

    assertThat(read.join().revision()).isEqualTo(1);
  }

  @Test
  void aWatchFromAPastRevisionSeesBeforeAndAfter() {
    StoredObject first = createObject(store, pod("a"), "one").join().objects().getFirst();
    StoredObject second = updateObject(store, first, "two").join().objects().getFirst();
    StoredObject deleted = deleteObject(store, second).join().objects().getFirst();

    List<StoredEvent> events;
    try (EventCursor cursor = store.events(PODS, first.revision())) {
      events = cursor.poll(10);
      assertThat(cursor.seenRevision()).isEqualTo(deleted.revision());
    }

    assertThat(events)
        .containsExactly(
            new StoredEvent(second.revision(), first, second, null),
            new StoredEvent(deleted.revision(), second, null, deleted));
  }

  @Test
  void aWatcherIsToldOnceOfTheNextEvent() {
    try (EventCursor cursor = store.events(PODS, 0)) {
      CompletableFuture<Void> told = new CompletableFuture<>();
      cursor.whenAvailable(() -> told.complete(null));
      assertThat(told).isNotDone();

      createObject(store, pod("a"), "").join();

      told.join();
      assertThat(cursor.poll(10)).hasSize(1);
      assertThat(cursor.poll(10)).isEmpty();
    }
  }

  private Snapshot at(long revision) {
    return store.read(new ReadAt.Exactly(revision)).join();
  }

  private String contentAt(long revision) {
    return content(at(revision).get(pod("a")).orElseThrow());
  }

  private static void assertFailure(CompletableFuture<CommitResult> answer, Reason reason) {
    assertThatThrownBy(answer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }
}
