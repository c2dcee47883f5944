package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.NODES;
import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.deleteObject;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left after topics lost what others still have, and that the cluster goes on from it. */
class RecoveryTest {

  private static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private JournalStore store;

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void whatWasProjectedSurvivesALossOfTheJournalsEnd() {
    loseTheJournalsEnd();

    recover();
    start();

    assertThat(store.current().get(pod("lost"))).isPresent();
    assertThat(store.current().get(pod("kept"))).isPresent();
  }

  @Test
  void whatWasDeletedStaysDeleted() {
    loseTheJournalsEnd();

    recover();
    start();

    assertThat(store.current().get(pod("deleted"))).isEmpty();
  }

  @Test
  void revisionsGoOnAboveAllThatAnybodyCanHaveSeen() {
    loseTheJournalsEnd();

    Recovery.Report report = recover();
    start();

    assertThat(report.floor()).isGreaterThan(1_000_000);
    assertThat(createObject(store, pod("new"), "").join().revision()).isEqualTo(report.floor() + 1);
  }

  @Test
  void noOffsetOfTheJournalMeansTwoEntries() {
    loseTheJournalsEnd();
    long end = log.end(JOURNAL, Isolation.READ_UNCOMMITTED);

    Recovery.Report report = recover();

    assertThat(report.padded()).isPositive();
    assertThat(log.end(JOURNAL, Isolation.READ_UNCOMMITTED)).isGreaterThan(end + report.padded());
  }

  @Test
  void aLateAppendOfTheLeaderBeforeItDoesNotCount() {
    loseTheJournalsEnd();
    recover();
    try (LogWriter writer = log.openWriter()) {
      // What the leader of epoch 1 would have written next.
      byte[] late = EntryCodec.encode(new Entry.Heartbeat(1, 99, 0));
      writer.append(JOURNAL, LogRecord.of(null, late, 0)).join();
    }
    start();

    assertThat(store.applied().epoch()).isGreaterThan(2);
  }

  @Test
  void aJournalThatWasMadeAnewGoesOnFromTheStoreTopics() {
    start();
    createObject(store, pod("kept"), "").join();
    project();
    store.close();
    log.deleteTopic(JOURNAL.topic());
    log.ensureTopics(TestStore.topics());

    recover();
    start();

    assertThat(store.current().get(pod("kept"))).isPresent();
    assertThat(createObject(store, pod("new"), "").join().revision()).isGreaterThan(1_000_000);
  }

  @Test
  void aStoreTopicIsRestoredAsFarAsTheJournalReachesBack() {
    start();
    createObject(store, pod("gone"), "").join();
    long truncated = store.applied().offset();
    createObject(store, pod("kept"), "").join();
    createObject(store, new ObjectKey(NODES, "", "node"), "").join();
    project();
    store.close();
    log.truncateBefore(JOURNAL, truncated);
    log.deleteTopic(TestStore.NAMES.store(PODS));
    log.ensureTopics(TestStore.topics());

    Recovery.Report report = recover();
    start();

    assertThat(report.objects()).isEqualTo(2);
    assertThat(store.current().get(pod("kept"))).isPresent();
    assertThat(store.current().count(NODES, "")).isEqualTo(1);
  }

  @Test
  void assignmentsSayWhatPodsSay() {
    start();
    ObjectNode bound = TestStore.object(pod("bound"), "");
    ((ObjectNode) bound.get("spec")).put("nodeName", "node");
    store.commit(TestStore.request(new ProposedChange.Create(pod("bound"), bound))).join();
    project();
    store.close();
    log.deleteTopic(TestStore.NAMES.assignments());
    log.ensureTopics(TestStore.topics());

    recover();
    start();

    Partition assigned =
        AssignmentKey.partitionOf(
            TestStore.NAMES.assignments(), "node", TestStore.ASSIGNMENT_PARTITIONS);
    List<String> keys = new ArrayList<>();
    TopicContents.read(
        log,
        List.of(assigned),
        r -> keys.add(new String(r.record().key(), StandardCharsets.UTF_8)));
    assertThat(keys).containsExactly("node/default/bound");
  }

  @Test
  void theProjectionGoesOnAfterwards() {
    loseTheJournalsEnd();
    recover();
    start();
    createObject(store, pod("after"), "").join();
    project();
    store.close();
    OffsetRange all = log.range(JOURNAL, Isolation.READ_UNCOMMITTED);
    log.truncateBefore(JOURNAL, all.end());
    start();

    assertThat(store.current().get(pod("after"))).isPresent();
    assertThat(store.current().get(pod("lost"))).isPresent();
  }

  @Test
  void topicsThatAgreeStayAsTheyAre() {
    start();
    createObject(store, pod("a"), "").join();
    project();
    store.close();

    assertThat(recover().repaired()).isZero();
    start();
    assertThat(store.current().count(PODS, "")).isEqualTo(1);
  }

  /** The journal is not flushed, everything else is; then the power fails. */
  private void loseTheJournalsEnd() {
    log.ensureTopics(TestStore.topicsWithOnlyTheJournalUnflushed());
    start();
    createObject(store, pod("kept"), "").join();
    StoredObject deleted = createObject(store, pod("deleted"), "").join().objects().getFirst();
    log.flushToDisk();
    createObject(store, pod("lost"), "").join();
    deleteObject(store, deleted).join();
    project();
    store.close();
    log.powerFail();
  }

  private Recovery.Report recover() {
    TopicCatalogue catalogue =
        new TopicCatalogue(TestStore.NAMES, 1, TestStore.ASSIGNMENT_PARTITIONS);
    return new Recovery(log, catalogue, InstantSource.system())
        .run(new StoredResources(TestStore.RESOURCES, TestStore.INDEXER, List.of()));
  }

  private void start() {
    store = TestStore.started(log, faults);
  }

  private void project() {
    TestStore.project(log);
  }
}
