package dev.shiplog.topics.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every log must do. Holds for the one in memory and for Kafka. It is one long file because an
 * implementation is held to all of it by extending one class.
 */
public abstract class TopicLogSpecification {

  private static final Duration A_WHILE = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ZERO;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private TopicLog log;
  private Partition partition;

  /** A connection to the log; several to one log see the same topics. */
  protected abstract TopicLog connect();

  @BeforeEach
  void makeTopic() {
    log = open(connect());
    partition = Partition.only(newTopic(1, Map.of()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : opened.reversed()) {
      closeable.close();
    }
  }

  // Topics

  @Test
  void aTopicThatIsMissingIsMadeAndHasAnId() {
    String name = uniqueName();
    assertThat(log.topicId(name)).isEmpty();

    log.ensureTopics(List.of(new TopicSpec(name, 3, Map.of())));

    assertThat(log.topicId(name)).isPresent();
    assertThat(log.range(new Partition(name, 2), Isolation.READ_COMMITTED))
        .isEqualTo(new OffsetRange(0, 0));
  }

  @Test
  void aTopicThatExistsKeepsItsRecordsAndItsId() {
    append("a");
    String id = log.topicId(partition.topic()).orElseThrow();

    log.ensureTopics(List.of(new TopicSpec(partition.topic(), 1, Map.of())));

    assertThat(log.topicId(partition.topic())).contains(id);
    assertThat(readAll(Isolation.READ_UNCOMMITTED)).containsExactly("a");
  }

  @Test
  void aTopicWithAnotherNumberOfPartitionsIsRefused() {
    TopicSpec other = new TopicSpec(partition.topic(), 2, Map.of());

    assertThatThrownBy(() -> log.ensureTopics(List.of(other)))
        .isInstanceOf(LogConfigurationException.class)
        .hasMessageContaining(partition.topic())
        .hasMessageContaining("1 partition");
  }

  @Test
  void aTopicWithAnotherCleanUpPolicyIsRefused() {
    TopicSpec other = new TopicSpec(partition.topic(), 1, Map.of("cleanup.policy", "compact"));

    assertThatThrownBy(() -> log.ensureTopics(List.of(other)))
        .isInstanceOf(LogConfigurationException.class)
        .hasMessageContaining(partition.topic())
        .hasMessageContaining("cleanup.policy=delete");
  }

  @Test
  void aTopicThatIsDeletedIsGoneAndDeletingItAgainDoesNothing() {
    log.deleteTopic(partition.topic());
    await().until(() -> log.topicId(partition.topic()).isEmpty());

    log.deleteTopic(partition.topic());

    assertThat(log.topicId(partition.topic())).isEmpty();
  }

  @Test
  void aTopicThatIsMadeAgainHasAnotherId() {
    String first = log.topicId(partition.topic()).orElseThrow();
    log.deleteTopic(partition.topic());
    await().until(() -> log.topicId(partition.topic()).isEmpty());

    log.ensureTopics(List.of(new TopicSpec(partition.topic(), 1, Map.of())));

    assertThat(log.topicId(partition.topic())).isPresent().get().isNotEqualTo(first);
  }

  @Test
  void thePartitionOfAMissingTopicHasNoRange() {
    assertThatThrownBy(() -> log.range(Partition.only(uniqueName()), Isolation.READ_UNCOMMITTED))
        .isInstanceOf(LogConfigurationException.class);
  }

  // Appending and reading

  @Test
  void appendsGetOffsetsInTheOrderTheyWereMade() {
    LogWriter writer = open(log.openWriter());

    List<CompletableFuture<Long>> offsets =
        IntStream.range(0, 100)
            .mapToObj(i -> writer.append(partition, record(null, "v" + i)))
            .toList();

    assertThat(offsets.stream().map(CompletableFuture::join))
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(Long::valueOf).toList());
    assertThat(readAll(Isolation.READ_UNCOMMITTED))
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "v" + i).toList());
  }

  @Test
  void aRecordComesBackAsItWasWritten() {
    LogRecord written =
        new LogRecord(
            "key".getBytes(UTF_8),
            "value".getBytes(UTF_8),
            1_767_225_600_123L,
            Map.of("header", "h".getBytes(UTF_8)));
    open(log.openWriter()).append(partition, written).join();

    StoredRecord read = poll(reader(Isolation.READ_UNCOMMITTED, 0), 1).getFirst();

    assertThat(read.partition()).isEqualTo(partition);
    assertThat(read.offset()).isZero();
    assertThat(read.record()).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void aTombstoneHasNoValue() {
    open(log.openWriter()).append(partition, record("k", null)).join();

    StoredRecord read = poll(reader(Isolation.READ_UNCOMMITTED, 0), 1).getFirst();

    assertThat(read.record().value()).isNull();
    assertThat(read.record().key()).isEqualTo("k".getBytes(UTF_8));
  }

  @Test
  void aRecordOfEightMebibytesFitsWhereTheTopicTakesIt() {
    Partition large = Partition.only(newTopic(1, Map.of("max.message.bytes", "9437184")));
    byte[] value = new byte[8 << 20];
    value[value.length - 1] = 7;

    open(log.openWriter()).append(large, LogRecord.of(null, value, 1)).join();

    LogReader reader = open(log.openReader(Isolation.READ_UNCOMMITTED));
    reader.assign(Map.of(large, 0L));
    assertThat(poll(reader, 1).getFirst().record().value()).isEqualTo(value);
  }

  @Test
  void aRecordLargerThanTheTopicTakesIsRefusedAndNotStored() {
    Partition small = Partition.only(newTopic(1, Map.of("max.message.bytes", "1000")));
    LogWriter writer = open(log.openWriter());
    byte[] incompressible = incompressible(5000);

    CompletableFuture<Long> refused = writer.append(small, LogRecord.of(null, incompressible, 1));

    assertThatThrownBy(refused::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RecordTooLargeException.class);
    assertThat(writer.append(small, record(null, "fits")).join()).isZero();
  }

  @Test
  void aRecordLargerThanAnyWriterSendsIsRefused() {
    LogWriter writer = open(log.openWriter());

    CompletableFuture<Long> refused =
        writer.append(partition, LogRecord.of(null, incompressible(40 << 20), 1));

    assertThatThrownBy(refused::join).hasCauseInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void aCompactedTopicRefusesARecordWithoutAKey() {
    Partition compacted = Partition.only(newTopic(1, Map.of("cleanup.policy", "compact")));
    LogWriter writer = open(log.openWriter());

    assertThatThrownBy(() -> writer.append(compacted, record(null, "v")).join())
        .hasCauseInstanceOf(LogConfigurationException.class);
  }

  @Test
  void aReaderStartsAtTheOffsetItIsGiven() {
    append("a", "b", "c");

    assertThat(values(poll(reader(Isolation.READ_UNCOMMITTED, 1), 2))).containsExactly("b", "c");
  }

  @Test
  void aReaderAtTheEndWaitsForWhatComesNext() {
    append("a");
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 1);
    CompletableFuture<List<StoredRecord>> next =
        CompletableFuture.supplyAsync(() -> poll(reader, 1));

    append("b");

    assertThat(values(next.join())).containsExactly("b");
  }

  @Test
  void aPollWithNothingToReadReturnsEmpty() {
    assertThat(reader(Isolation.READ_UNCOMMITTED, 0).poll(AT_ONCE)).isEmpty();
  }

  @Test
  void aReaderReadsSeveralPartitionsEachInItsOrder() {
    String topic = newTopic(2, Map.of());
    Partition first = new Partition(topic, 0);
    Partition second = new Partition(topic, 1);
    LogWriter writer = open(log.openWriter());
    for (int i = 0; i < 10; i++) {
      writer.append(first, record(null, "f" + i)).join();
      writer.append(second, record(null, "s" + i)).join();
    }
    LogReader reader = open(log.openReader(Isolation.READ_UNCOMMITTED));

    reader.assign(Map.of(first, 5L, second, 8L));

    List<StoredRecord> read = poll(reader, 7);
    assertThat(read.stream().filter(r -> r.partition().equals(first)).map(StoredRecord::offset))
        .containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(read.stream().filter(r -> r.partition().equals(second)).map(StoredRecord::offset))
        .containsExactly(8L, 9L);
  }

  @Test
  void assigningAgainReplacesWhatIsRead() {
    append("a", "b");
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 0);
    poll(reader, 2);

    reader.assign(Map.of(partition, 1L));

    assertThat(reader.position(partition)).isEqualTo(1);
    assertThat(values(poll(reader, 1))).containsExactly("b");
  }

  @Test
  void thePositionIsThatOfTheNextRecord() {
    append("a", "b");
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 0);
    assertThat(reader.position(partition)).isZero();

    poll(reader, 2);

    assertThat(reader.position(partition)).isEqualTo(2);
  }

  @Test
  void wakeupEndsAPollUnderWay() {
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 0);
    CompletableFuture<List<StoredRecord>> poll =
        CompletableFuture.supplyAsync(() -> reader.poll(Duration.ofMinutes(5)));

    reader.wakeup();

    assertThat(poll.orTimeout(A_WHILE.toSeconds(), TimeUnit.SECONDS).join()).isEmpty();
  }

  @Test
  void wakeupBeforeAPollEndsTheNextOneOnly() {
    append("a");
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 0);
    reader.wakeup();

    assertThat(reader.poll(Duration.ofMinutes(5))).isEmpty();

    assertThat(values(poll(reader, 1))).containsExactly("a");
  }

  // Losing history

  @Test
  void anOffsetPastTheEndIsLost() {
    append("a");
    LogReader reader = reader(Isolation.READ_UNCOMMITTED, 5);

    assertThatThrownBy(() -> poll(reader, 1)).isInstanceOf(OffsetLostException.class);
  }

  @Test
  void truncationMovesTheStartAndLosesWhatLiesBeforeIt() {
    append("a", "b", "c");

    log.truncateBefore(partition, 2);

    assertThat(log.range(partition, Isolation.READ_UNCOMMITTED)).isEqualTo(new OffsetRange(2, 3));
    assertThat(values(poll(reader(Isolation.READ_UNCOMMITTED, 2), 1))).containsExactly("c");
    LogReader tooEarly = reader(Isolation.READ_UNCOMMITTED, 1);
    assertThatThrownBy(() -> poll(tooEarly, 1)).isInstanceOf(OffsetLostException.class);
  }

  @Test
  void truncatingBeforeTheStartChangesNothing() {
    append("a", "b", "c");
    log.truncateBefore(partition, 2);

    log.truncateBefore(partition, 1);

    assertThat(log.range(partition, Isolation.READ_UNCOMMITTED)).isEqualTo(new OffsetRange(2, 3));
  }

  @Test
  void truncatingPastTheEndIsRefused() {
    append("a");

    assertThatThrownBy(() -> log.truncateBefore(partition, 2))
        .isInstanceOf(OffsetLostException.class);
  }

  // Transactions

  @Test
  void aBatchIsSeenByCommittedReadersWhenItIsCommitted() {
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    append(writer, "a", "b");
    writer.flush();
    assertThat(log.range(partition, Isolation.READ_COMMITTED).end()).isZero();
    assertThat(values(poll(reader(Isolation.READ_UNCOMMITTED, 0), 2))).containsExactly("a", "b");

    writer.commit();

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("a", "b");
  }

  @Test
  void aBatchSpansPartitions() {
    Partition other = Partition.only(newTopic(1, Map.of()));
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    append(writer, "a");
    var _ = writer.append(other, record(null, "b"));
    writer.commit();

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("a");
    assertThat(readAll(other, Isolation.READ_COMMITTED)).containsExactly("b");
  }

  @Test
  void offsetsOfABatchAreKnownBeforeItsCommit() {
    append("before");
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    CompletableFuture<Long> first = writer.append(partition, record(null, "a"));
    CompletableFuture<Long> second = writer.append(partition, record(null, "b"));

    writer.flush();

    assertThat(first).isCompletedWithValue(1L);
    assertThat(second).isCompletedWithValue(2L);
    writer.abort();
  }

  @Test
  void anAbortedBatchIsNeverSeenByCommittedReadersButTakesOffsets() {
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    append(writer, "lost");
    writer.flush();
    writer.abort();
    writer.begin();
    append(writer, "kept");
    writer.commit();

    LogReader reader = reader(Isolation.READ_COMMITTED, 0);
    List<StoredRecord> read = poll(reader, 1);

    assertThat(values(read)).containsExactly("kept");
    // 0 lost, 1 abort marker, 2 kept, 3 commit marker
    assertThat(read.getFirst().offset()).isEqualTo(2);
    OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
    assertThat(range.end()).isEqualTo(4);
    await().until(() -> reader.poll(AT_ONCE).isEmpty() && reader.position(partition) == 4);
  }

  @Test
  void aReaderPastTheLastRecordReachesTheEndOverMarkersAlone() {
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    append(writer, "lost");
    writer.flush();
    writer.abort();
    LogReader reader = reader(Isolation.READ_COMMITTED, 0);

    long end = log.range(partition, Isolation.READ_COMMITTED).end();

    await().until(() -> reader.poll(AT_ONCE).isEmpty() && reader.position(partition) == end);
  }

  @Test
  void committedReadersStopBeforeTheOldestOpenBatch() {
    TransactionalWriter open = transactionalWriter("open");
    open.begin();
    append(open, "open");
    open.flush();
    TransactionalWriter other = transactionalWriter("other");
    other.begin();
    append(other, "later");
    other.commit();

    assertThat(log.range(partition, Isolation.READ_COMMITTED).end()).isZero();
    assertThat(reader(Isolation.READ_COMMITTED, 0).poll(AT_ONCE)).isEmpty();

    open.commit();
    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("open", "later");
  }

  @Test
  void committedReadersSeeRecordsWithoutABatch() {
    append("a");

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("a");
  }

  @Test
  void oneWriterCommitsManyBatchesInOrder() {
    TransactionalWriter writer = transactionalWriter("t");

    for (int i = 0; i < 20; i++) {
      writer.begin();
      append(writer, "v" + i);
      writer.commit();
    }

    assertThat(readAll(Isolation.READ_COMMITTED))
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "v" + i).toList());
  }

  @Test
  void anEmptyBatchLeavesNothing() {
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    writer.commit();

    assertThat(log.range(partition, Isolation.READ_COMMITTED)).isEqualTo(new OffsetRange(0, 0));
  }

  @Test
  void aNewWriterAbortsWhatItsPredecessorHadOpen() {
    TransactionalWriter predecessor = transactionalWriter("t");
    predecessor.begin();
    append(predecessor, "lost");
    predecessor.flush();

    TransactionalWriter successor = transactionalWriter("t");
    successor.begin();
    append(successor, "kept");
    successor.commit();

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("kept");
  }

  @Test
  void afterANewWriterOpensWhatItsPredecessorCommittedCanBeRead() {
    TransactionalWriter predecessor = transactionalWriter("t");
    predecessor.begin();
    append(predecessor, "kept");
    predecessor.commit();

    transactionalWriter("t");

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("kept");
  }

  @Test
  void aFencedWriterCannotCommit() {
    TransactionalWriter predecessor = transactionalWriter("t");
    predecessor.begin();
    append(predecessor, "lost");
    predecessor.flush();
    transactionalWriter("t");

    assertThatThrownBy(predecessor::commit).isInstanceOf(FencedException.class);
    assertThat(readAll(Isolation.READ_COMMITTED)).isEmpty();
  }

  @Test
  void aFencedWriterThatBeginsAnewCannotCommit() {
    TransactionalWriter predecessor = transactionalWriter("t");
    transactionalWriter("t");

    assertThatThrownBy(
            () -> {
              predecessor.begin();
              append(predecessor, "lost");
              predecessor.commit();
            })
        .isInstanceOf(FencedException.class);
    assertThat(readAll(Isolation.READ_COMMITTED)).isEmpty();
  }

  @Test
  void closingAWriterAbortsWhatItHadOpen() {
    TransactionalWriter writer = transactionalWriter("t");
    writer.begin();
    append(writer, "lost");
    writer.flush();

    writer.close();

    await()
        .atMost(A_WHILE)
        .until(() ->
            log.range(partition, Isolation.READ_COMMITTED)
                .equals(log.range(partition, Isolation.READ_UNCOMMITTED)));
    assertThat(readAll(Isolation.READ_COMMITTED)).isEmpty();
  }

  @Test
  void writersWithDifferentIdsDoNotFenceEachOther() {
    TransactionalWriter first = transactionalWriter("first");
    transactionalWriter("second");
    first.begin();
    append(first, "a");

    first.commit();

    assertThat(readAll(Isolation.READ_COMMITTED)).containsExactly("a");
  }

  @Test
  void anotherConnectionSeesTheSameTopics() {
    append("a");
    TopicLog other = open(connect());

    assertThat(other.topicId(partition.topic())).isEqualTo(log.topicId(partition.topic()));
    assertThat(other.range(partition, Isolation.READ_UNCOMMITTED).end()).isEqualTo(1);
  }

  private String newTopic(int partitions, Map<String, String> settings) {
    String name = uniqueName();
    log.ensureTopics(List.of(new TopicSpec(name, partitions, settings)));
    return name;
  }

  private static String uniqueName() {
    return "spec." + UUID.randomUUID();
  }

  private <T extends AutoCloseable> T open(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private TransactionalWriter transactionalWriter(String id) {
    return open(log.openTransactionalWriter(partition.topic() + "." + id));
  }

  private LogReader reader(Isolation isolation, long from) {
    LogReader reader = open(log.openReader(isolation));
    reader.assign(Map.of(partition, from));
    return reader;
  }

  private void append(String... values) {
    try (LogWriter writer = log.openWriter()) {
      for (String value : values) {
        writer.append(partition, record(null, value)).join();
      }
    }
  }

  private void append(TransactionalWriter writer, String... values) {
    for (String value : values) {
      var _ = writer.append(partition, record(null, value));
    }
  }

  /** Polls until so many records have come. */
  private static List<StoredRecord> poll(LogReader reader, int count) {
    List<StoredRecord> read = new ArrayList<>();
    await()
        .atMost(A_WHILE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .until(() -> {
          read.addAll(reader.poll(Duration.ofMillis(100)));
          return read.size() >= count;
        });
    return read;
  }

  private List<String> readAll(Isolation isolation) {
    return readAll(partition, isolation);
  }

  /** Everything up to the end that can be read now. */
  private List<String> readAll(Partition from, Isolation isolation) {
    LogReader reader = open(log.openReader(isolation));
    reader.assign(Map.of(from, 0L));
    long end = log.range(from, isolation).end();
    List<StoredRecord> read = new ArrayList<>();
    await()
        .atMost(A_WHILE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .until(() -> {
          read.addAll(reader.poll(Duration.ofMillis(100)));
          return reader.position(from) >= end;
        });
    return values(read);
  }

  private static List<String> values(List<StoredRecord> records) {
    return records.stream().map(r -> new String(r.record().value(), UTF_8)).toList();
  }

  private static LogRecord record(String key, String value) {
    return LogRecord.of(
        key == null ? null : key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8),
        1_767_225_600_000L);
  }

  private static byte[] incompressible(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
