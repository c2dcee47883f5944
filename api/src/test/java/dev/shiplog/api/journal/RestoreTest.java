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

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot.Indexes;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server finds when it starts again, and when it must not start. */
class RestoreTest {

  private static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private InMemoryTopicLog log = new InMemoryTopicLog();
  private JournalStore store;
  private StoredObject first;
  private StoredObject second;

  /** A pod updated once, and a node that is deleted: four revisions. */
  @BeforeEach
  void changeSomething() {
    store = TestStore.started(log, faults);
    first = createObject(store, pod("a"), "one").join().objects().getFirst();
    second = updateObject(store, first, "two").join().objects().getFirst();
    ObjectKey node = new ObjectKey(NODES, "", "n");
    StoredObject created = createObject(store, node, "").join().objects().getFirst();
    deleteObject(store, created).join();
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void aRestartRestoresObjectsAndRevisionsFromTheJournalAlone() {
    restart();

    assertRestored();
  }

  @Test
  void aRestartRestoresObjectsAndRevisionsFromWhatWasProjected() {
    project();
    restart();

    assertRestored();
  }

  @Test
  void aRestartAppliesWhatWasNotYetProjected() {
    project();
    updateObject(store, second, "three").join();
    restart();

    assertThat(content(store.current().get(pod("a")).orElseThrow())).isEqualTo("three");
    assertThat(store.current().revision()).isEqualTo(5);
  }

  @Test
  void revisionsGoOnAfterARestart() {
    project();
    restart();

    assertThat(createObject(store, pod("b"), "").join().revision()).isEqualTo(5);
  }

  @Test
  void indexesAreRestored() {
    ObjectNode bound = second.tree();
    bound.withObject("/spec").put("nodeName", "n");
    store
        .commit(TestStore.request(new ProposedChange.Update(pod("a"), second.revision(), bound)))
        .join();
    project();
    restart();

    assertThat(store.current().byIndex(PODS, Indexes.FIELD, "spec.nodeName=n"))
        .extracting(StoredObject::key)
        .containsExactly(pod("a"));
  }

  @Test
  void theClusterKeepsItsId() {
    String id = store.applied().clusterId();
    project();
    restart();

    assertThat(id).isNotEmpty();
    assertThat(store.applied().clusterId()).isEqualTo(id);
  }

  @Test
  void aWatchFromBeforeARestartGoesOnIfNothingOfItWasProjected() {
    restart();

    try (EventCursor cursor = store.events(PODS, first.revision())) {
      assertThat(cursor.poll(10))
          .singleElement()
          .satisfies(event -> {
            assertThat(content(event.before())).isEqualTo("one");
            assertThat(content(event.after())).isEqualTo("two");
          });
    }
  }

  @Test
  void anExactRevisionIsReadAcrossARestart() {
    restart();

    StoredObject past =
        store.read(new ReadAt.Exactly(first.revision())).join().get(pod("a")).orElseThrow();

    assertThat(past.bytes()).isEqualTo(first.bytes());
  }

  @Test
  void storeTopicsAheadOfTheJournalAreRefusedWithAWayOut() {
    store.close();
    log = new InMemoryTopicLog();
    log.ensureTopics(TestStore.topicsWithOnlyTheJournalUnflushed());
    store = TestStore.started(log, faults);
    log.flushToDisk();
    createObject(store, pod("lost"), "").join();
    project();
    store.close();
    log.powerFail();

    assertThatThrownBy(() -> TestStore.started(log, faults))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("shiplog recover");
  }

  @Test
  void aStoreTopicThatLostItsEndIsRestoredFromTheJournal() {
    project();
    store.close();
    // Store topics are not flushed at each append: a power failure may take what they got last.
    log.deleteTopic(TestStore.NAMES.store(PODS));
    restart();

    assertRestored();
  }

  @Test
  void anotherJournalThanTheCheckpointsIsRefused() {
    project();
    store.close();
    log.deleteTopic(TestStore.NAMES.journal());

    assertThatThrownBy(() -> TestStore.started(log, faults))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(TestStore.NAMES.journal());
  }

  @Test
  void aForeignRecordInAStoreTopicIsRefusedByItsOffset() {
    project();
    store.close();
    long offset = writeForeignRecord();

    assertThatThrownBy(() -> TestStore.started(log, faults))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("offset " + offset + " of topic " + TestStore.NAMES.store(PODS));
  }

  @Test
  void aStoreTopicWithAForeignRecordIsMadeAgainOnceItIsDeleted() {
    project();
    store.close();
    long _ = writeForeignRecord();
    log.deleteTopic(TestStore.NAMES.store(PODS));
    restart();

    assertRestored();
  }

  @Test
  void aJournalThatStartsAfterTheCheckpointIsRefused() {
    project();
    createObject(store, pod("b"), "").join();
    store.close();
    log.truncateBefore(JOURNAL, log.end(JOURNAL, Isolation.READ_UNCOMMITTED));

    assertThatThrownBy(() -> TestStore.started(log, faults))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("starts at offset");
  }

  private void assertRestored() {
    StoredObject restored = store.current().get(pod("a")).orElseThrow();
    assertThat(restored.bytes()).isEqualTo(second.bytes());
    assertThat(restored.revision()).isEqualTo(second.revision());
    assertThat(store.current().count(NODES, "")).isZero();
    assertThat(store.current().revision()).isEqualTo(4);
    assertThat(store.current().lastRevision(NODES)).isEqualTo(4);
    assertThat(store.current().lastRevision(PODS)).isEqualTo(2);
  }

  private long writeForeignRecord() {
    Partition pods = Partition.only(TestStore.NAMES.store(PODS));
    try (LogWriter foreign = log.openWriter()) {
      return foreign.append(pods, LogRecord.of(bytes("default/x"), bytes("no object"), 0)).join();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void restart() {
    store.close();
    store = TestStore.started(log, faults);
  }

  private void project() {
    TestStore.project(log);
  }
}
