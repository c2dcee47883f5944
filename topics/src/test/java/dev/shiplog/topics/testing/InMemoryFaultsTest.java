package dev.shiplog.topics.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.TransactionalWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be made to go wrong, and what it leaves behind. */
class InMemoryFaultsTest {

  private static final Partition JOURNAL = Partition.only("journal");
  private static final Partition STORE = Partition.only("store");

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final LogWriter writer = log.openWriter();

  @BeforeEach
  void makeTopics() {
    log.ensureTopics(
        List.of(
            new TopicSpec("journal", 1, Map.of("flush.messages", "1")),
            new TopicSpec("store", 1, Map.of("cleanup.policy", "compact"))));
  }

  @Test
  void aFailedAppendIsNotStored() {
    log.faults().failNextAppend("journal");

    CompletableFuture<Long> failed = append("a");

    assertThat(failed).isCompletedExceptionally();
    assertThatThrownBy(failed::join).hasCauseInstanceOf(LogUnavailableException.class);
    assertThat(append("b").join()).isZero();
  }

  @Test
  void anAppendWhoseAnswerIsLostIsStored() {
    log.faults().loseNextAnswer("journal");

    assertThat(append("a")).isCompletedExceptionally();

    assertThat(journal()).containsExactly("a");
  }

  @Test
  void aDuplicatedAppendIsStoredTwice() {
    log.faults().duplicateNextAppend("journal");

    append("a").join();

    assertThat(journal()).containsExactly("a", "a");
  }

  @Test
  void aHeldAppendIsOvertakenByLaterOnes() {
    HeldAppend held = log.faults().holdNextAppend("journal");
    CompletableFuture<Long> late = append("late");
    append("early").join();
    assertThat(late).isNotDone();

    held.release();

    assertThat(late).isCompletedWithValue(1L);
    assertThat(journal()).containsExactly("early", "late");
  }

  @Test
  void aHeldAppendMayBeStoredAfterItsWriterGaveUp() {
    HeldAppend held = log.faults().holdNextAppend("journal");
    CompletableFuture<Long> late = append("late");
    held.giveUp();
    assertThat(late).isCompletedExceptionally();

    held.release();

    assertThat(journal()).containsExactly("late");
  }

  @Test
  void aDroppedAppendIsNeverStored() {
    HeldAppend held = log.faults().holdNextAppend("journal");
    CompletableFuture<Long> dropped = append("a");

    held.drop();
    held.release();

    assertThat(dropped).isCompletedExceptionally();
    assertThat(journal()).isEmpty();
  }

  @Test
  void pausedAppendsAreStoredInOrderOnResume() {
    log.faults().pauseAppends();
    CompletableFuture<Long> first = append("a");
    CompletableFuture<Long> second = append("b");
    assertThat(journal()).isEmpty();

    log.faults().resumeAppends();

    assertThat(first).isCompletedWithValue(0L);
    assertThat(second).isCompletedWithValue(1L);
    assertThat(journal()).containsExactly("a", "b");
  }

  @Test
  void whatAnAnswerAppendsWhilePausedOnesAreStoredComesAfterThem() {
    log.faults().pauseAppends();
    var _ = append("a").thenCompose(_ -> append("c"));
    var _ = append("b");

    log.faults().resumeAppends();

    assertThat(journal()).containsExactly("a", "b", "c");
  }

  @Test
  void pausedReadsReturnNothingUntilTheyAreResumed() {
    append("a").join();
    LogReader reader = journalReader(0);
    log.faults().pauseReads();
    assertThat(reader.poll(Duration.ZERO)).isEmpty();

    log.faults().resumeReads();

    assertThat(reader.poll(Duration.ZERO)).hasSize(1);
  }

  @Test
  void faultsOfOneConnectionDoNotTouchAnother() {
    log.faults().cutOff();

    assertThatThrownBy(() -> log.topicId("journal")).isInstanceOf(LogUnavailableException.class);
    assertThat(append("a")).isCompletedExceptionally();
    assertThat(log.connect().openWriter().append(JOURNAL, record(null, "b")).join()).isZero();
  }

  @Test
  void powerFailureLosesWhatWasNotFlushed() {
    writer.append(STORE, record("k", "kept")).join();
    log.flushToDisk();
    writer.append(STORE, record("k", "lost")).join();
    append("journal flushes each append").join();

    log.powerFail();

    assertThat(log.range(STORE, Isolation.READ_COMMITTED)).isEqualTo(new OffsetRange(0, 1));
    assertThat(journal()).hasSize(1);
  }

  @Test
  void aReaderPastThePowerFailureLearnsThatItsPlaceIsGone() {
    writer.append(STORE, record("k", "lost")).join();
    LogReader reader = log.openReader(Isolation.READ_COMMITTED);
    reader.assign(Map.of(STORE, 0L));
    reader.poll(Duration.ZERO);
    log.powerFail();
    writer.append(STORE, record("k", "another")).join();
    writer.append(STORE, record("k", "and another")).join();

    assertThatThrownBy(() -> reader.poll(Duration.ZERO)).isInstanceOf(OffsetLostException.class);
  }

  @Test
  void powerFailureAbortsABatchWhoseCommitWasNotFlushed() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    batches.begin();
    var _ = batches.append(STORE, record("k", "lost"));
    log.flushToDisk();
    batches.commit();

    log.powerFail();

    OffsetRange range = log.range(STORE, Isolation.READ_COMMITTED);
    LogReader reader = log.openReader(Isolation.READ_COMMITTED);
    reader.assign(Map.of(STORE, 0L));
    assertThat(reader.poll(Duration.ZERO)).isEmpty();
    assertThat(reader.position(STORE)).isEqualTo(range.end());
  }

  @Test
  void compactionKeepsTheLastCommittedRecordOfEachKeyAtItsOffset() {
    writer.append(STORE, record("a", "1")).join();
    writer.append(STORE, record("b", "1")).join();
    writer.append(STORE, record("a", "2")).join();
    TransactionalWriter batches = log.openTransactionalWriter("t");
    batches.begin();
    var _ = batches.append(STORE, record("b", "aborted"));
    batches.abort();

    log.compact("store");

    LogReader reader = log.openReader(Isolation.READ_COMMITTED);
    reader.assign(Map.of(STORE, 0L));
    assertThat(reader.poll(Duration.ZERO)).extracting("offset").containsExactly(1L, 2L);
    assertThat(log.range(STORE, Isolation.READ_COMMITTED).end()).isEqualTo(5);
  }

  @Test
  void compactionKeepsTombstonesUntilTheyAreDropped() {
    writer.append(STORE, record("a", "1")).join();
    writer.append(STORE, record("a", null)).join();
    log.compact("store");
    assertThat(storeSize()).isEqualTo(1);

    log.compactAndDropTombstones("store");

    assertThat(storeSize()).isZero();
  }

  @Test
  void compactionLeavesWhatFollowsAnOpenBatch() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    batches.begin();
    var _ = batches.append(STORE, record("a", "1"));
    writer.append(STORE, record("a", "2")).join();

    log.compact("store");
    batches.commit();

    assertThat(storeSize()).isEqualTo(2);
  }

  @Test
  void aBatchThatWasCommittedStaysVisibleAfterCompactionAndPowerFailure() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    batches.begin();
    var _ = batches.append(STORE, record("a", "1"));
    batches.commit();
    log.compact("store");
    log.flushToDisk();

    log.powerFail();

    assertThat(storeSize()).isEqualTo(1);
  }

  @Test
  void aCommitWhoseAnswerIsLostHappened() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    log.faults().loseNextCommitAnswer();
    batches.begin();
    var _ = batches.append(STORE, record("a", "1"));

    assertThatThrownBy(batches::commit).isInstanceOf(LogUnavailableException.class);

    assertThat(storeSize()).isEqualTo(1);
  }

  @Test
  void aCommitThatFailedCanBeGivenUpByANewWriter() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    log.faults().failNextCommit();
    batches.begin();
    var _ = batches.append(STORE, record("a", "1"));
    assertThatThrownBy(batches::commit).isInstanceOf(LogUnavailableException.class);

    log.openTransactionalWriter("t");

    assertThatThrownBy(batches::commit).isInstanceOf(FencedException.class);
    assertThat(storeSize()).isZero();
  }

  @Test
  void anAppendThatFailsKeepsItsBatchFromBeingCommitted() {
    TransactionalWriter batches = log.openTransactionalWriter("t");
    log.faults().failNextAppend("store");
    batches.begin();
    var _ = batches.append(STORE, record("a", "1"));

    assertThatThrownBy(batches::commit).isInstanceOf(LogUnavailableException.class);

    batches.abort();
    assertThat(storeSize()).isZero();
  }

  @Test
  void aFullLogRefusesAppends() {
    InMemoryTopicLog small = new InMemoryTopicLog(1000);
    small.ensureTopics(List.of(new TopicSpec("journal", 1, Map.of())));

    CompletableFuture<Long> refused =
        small.openWriter().append(JOURNAL, LogRecord.of(null, new byte[1000], 0));

    assertThatThrownBy(refused::join)
        .hasCauseInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("full");
  }

  private CompletableFuture<Long> append(String value) {
    return writer.append(JOURNAL, record(null, value));
  }

  private LogReader journalReader(long from) {
    LogReader reader = log.openReader(Isolation.READ_UNCOMMITTED);
    reader.assign(Map.of(JOURNAL, from));
    return reader;
  }

  private List<String> journal() {
    return journalReader(0).poll(Duration.ZERO).stream()
        .map(r -> new String(r.record().value(), UTF_8))
        .toList();
  }

  private int storeSize() {
    LogReader reader = log.openReader(Isolation.READ_COMMITTED);
    reader.assign(Map.of(STORE, 0L));
    return reader.poll(Duration.ZERO).size();
  }

  private static LogRecord record(String key, String value) {
    return LogRecord.of(
        key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), 0);
  }
}
