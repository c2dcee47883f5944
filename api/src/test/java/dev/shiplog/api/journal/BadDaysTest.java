package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.projection.DrivenProjection;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.journal.EntryFormatException;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What others do to the topics, and what clocks do. Nothing is lost, and everything is said. */
class BadDaysTest {

  private static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private final FaultHandler faults = (what, cause) -> fault.complete(cause);

  @Test
  void aForeignRecordInTheJournalStopsTheServerWhichNamesItsOffset() {
    try (JournalStore store = TestStore.started(log, faults)) {
      createObject(store, pod("before"), "").join();
      long offset = append(JOURNAL, null, "hello");

      assertThat(awaitFault())
          .isInstanceOf(EntryFormatException.class)
          .hasMessageContaining("offset " + offset + " of " + JOURNAL);
      assertThat(store.current().get(pod("before"))).isPresent();
    }
  }

  @Test
  void aForeignRecordInTheJournalKeepsAServerFromStarting() {
    try (JournalStore store = TestStore.started(log, faults)) {
      createObject(store, pod("before"), "").join();
    }
    long offset = append(JOURNAL, null, "hello");

    assertThatThrownBy(() -> TestStore.started(log, faults))
        .hasStackTraceContaining("offset " + offset + " of " + JOURNAL);
  }

  @Test
  void aJournalThatIsCutWhereAServerReadsStopsItInsteadOfBeingSkipped() {
    InMemoryTopicLog slow = log.connect();
    try (JournalStore leader = TestStore.started(log, faults)) {
      try (JournalStore follower =
          TestStore.on(slow, faults, JournalSettings.oneOfMany("follower", "f:1", false))) {
        follower.start();
        slow.faults().pauseReads();
        for (int i = 0; i < 10; i++) {
          createObject(leader, pod("pod-" + i), "").join();
        }
        log.truncateBefore(JOURNAL, log.end(JOURNAL, Isolation.READ_UNCOMMITTED));
        slow.faults().resumeReads();

        assertThat(awaitFault()).isInstanceOf(OffsetLostException.class);
        assertThat(follower.current().get(pod("pod-9"))).isEmpty();
      }
    }
  }

  @Test
  void aTopicWithAnotherCleanupPolicyIsRefusedByName() {
    InMemoryTopicLog other = new InMemoryTopicLog();
    String store = TestStore.NAMES.store(TestStore.PODS);
    other.ensureTopics(
        TestStore.topics().stream()
            .filter(topic -> topic.name().equals(store))
            .map(topic ->
                new TopicSpec(
                    store,
                    topic.partitions(),
                    topic.replicationFactor(),
                    Map.of("cleanup.policy", "delete")))
            .toList());

    assertThatThrownBy(() -> other.ensureTopics(TestStore.topics()))
        .isInstanceOf(LogConfigurationException.class)
        .hasMessageContaining(store)
        .hasMessageContaining("cleanup.policy=delete");
  }

  @Test
  void aClockThatJumpsCutsNothingThatIsNeededAndEndsNothing() {
    AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    try (JournalStore store = TestStore.started(log, faults);
        DrivenProjection projection =
            new DrivenProjection(
                log,
                TestStore.NAMES,
                TestStore.ASSIGNMENT_PARTITIONS,
                10,
                Duration.ofHours(24),
                clock::get)) {
      int number = 0;
      for (Duration jump :
          List.of(Duration.ofDays(3650), Duration.ofDays(-7300), Duration.ofDays(3650))) {
        for (int i = 0; i < 20; i++) {
          createObject(store, pod("pod-" + number++), "").join();
          projection.step();
        }
        clock.updateAndGet(now -> now.plus(jump));
      }
    }

    try (JournalStore again = TestStore.started(log, faults)) {
      for (int i = 0; i < 60; i++) {
        assertThat(again.current().get(pod("pod-" + i))).isPresent();
      }
    }
    assertThat(fault).isNotDone();
  }

  @Test
  void aClockThatJumpsUnderARunningServerIsCounted() {
    AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    log.ensureTopics(TestStore.topics());
    try (JournalStore store =
        new JournalStore(
            JournalSettings.alone("test"),
            new JournalEnvironment(
                log,
                TestStore.NAMES,
                clock::get,
                System::nanoTime,
                RandomGenerator.getDefault(),
                faults,
                Thread.ofPlatform().daemon()::unstarted,
                meters),
            new StoredResources(TestStore.RESOURCES, TestStore.INDEXER, List.of()))) {
      store.start();
      clock.updateAndGet(now -> now.plus(Duration.ofDays(1)));

      Counter jumps = meters.get("shiplog.clock.jumps").counter();
      await().until(() -> jumps.count() >= 1);
      createObject(store, pod("after"), "").join();
    }
  }

  private long append(Partition partition, String key, String value) {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    LogRecord record = LogRecord.of(keyBytes, value.getBytes(StandardCharsets.UTF_8), 0);
    return log.openWriter().append(partition, record).join();
  }

  private Throwable awaitFault() {
    return fault.orTimeout(30, TimeUnit.SECONDS).join();
  }
}
