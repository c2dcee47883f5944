package dev.shiplog.agent.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  private final ManualTimers timers = new ManualTimers(Instant.parse("2026-01-01T00:00:00Z"));
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final BusyThreads threads = new BusyThreads();
  private final EventRecorder recorder =
      new EventRecorder(
          new AgentServices(cluster, timers, threads, new Random(1), faults),
          "east",
          EventRecorder.GATHERING,
          TalkBudget.ofAllNodes());

  @AfterEach
  void end() {
    threads.close();
    faults.assertNone();
  }

  @Test
  void whatHappensWithinAMomentIsToldInItsOrderWithOneRequest() {
    record("web", "Pulled");
    record("web", "Created");
    record("db", "Pulled");
    record("web", "Started");

    passMoment();

    awaitReasons("Pulled", "Created", "Pulled", "Started");
    assertThat(cluster.eventRequests()).containsExactly(4);
  }

  @Test
  void anEventThatHappensAgainBeforeItIsToldIsToldWithItsCount() {
    record("web", "BackOff");
    record("web", "BackOff");
    record("web", "BackOff");

    passMoment();

    awaitReasons("BackOff");
    assertThat(cluster.events().getFirst().getCount()).isEqualTo(3);
  }

  @Test
  void anEventThatHappensAgainLaterRaisesTheCountOfTheFirst() {
    record("web", "BackOff");
    passMoment();
    awaitReasons("BackOff");

    record("web", "BackOff");
    record("web", "BackOff");
    passMoment();

    await().until(() -> cluster.events().getFirst().getCount() == 3);
    Event told = cluster.events().getFirst();
    assertThat(told.getLastTimestamp()).isEqualTo("2026-01-01T00:00:01Z");
    assertThat(cluster.events()).hasSize(1);
  }

  @Test
  void whatWasToldOfAnObjectThatIsGoneIsForgotten() {
    record("web", "BackOff");
    record("db", "BackOff");
    passMoment();
    awaitReasons("BackOff", "BackOff");

    recorder.forget(about("default", "web").getUid());
    record("web", "BackOff");
    record("db", "BackOff");
    passMoment();

    awaitReasons("BackOff", "BackOff", "BackOff");
    assertThat(cluster.events()).extracting(Event::getCount).containsExactlyInAnyOrder(1, 1, 2);
  }

  @Test
  void aRefusedEventTakesNoOtherWithIt() {
    cluster.closeNamespace("ending");
    record("web", "Pulled");
    recorder.record(about("ending", "old"), Severity.NORMAL, "Killing", "Stopping container");
    record("web", "Created");

    passMoment();

    awaitReasons("Pulled", "Created");
  }

  @Test
  void anEventThatTheServerHasForgottenIsToldAnewTheNextTime() {
    record("web", "BackOff");
    passMoment();
    awaitReasons("BackOff");
    cluster.removeEvents();

    record("web", "BackOff");
    passMoment();
    record("web", "BackOff");
    passMoment();

    awaitReasons("BackOff");
    assertThat(cluster.events().getFirst().getCount()).isEqualTo(1);
  }

  @Test
  void manyEventsAreNotWaitedWith() {
    IntStream.range(0, 100).forEach(i -> record("pod-" + i, "Pulled"));

    await().until(() -> cluster.events().size() == 100);
    assertThat(cluster.eventRequests()).containsExactly(100);
  }

  @Test
  void aStopTellsWhatWasGatheredAndWhatStillComes() {
    record("web", "Killing");
    recorder.close();
    awaitReasons("Killing");

    record("db", "Killing");

    awaitReasons("Killing", "Killing");
  }

  @Test
  void eventsThatCannotBeToldAreDropped() {
    cluster.cutOff();
    record("web", "Pulled");
    passMoment();
    cluster.reconnect();

    record("web", "Created");
    passMoment();

    awaitReasons("Created");
  }

  @Test
  void anObjectEarnsMoreEventsWhenTheClockIsSetBack() {
    IntStream.range(0, 26).forEach(i -> record("web", "Reason" + i));
    passMoment();
    assertThat(cluster.events()).hasSize(25);

    timers.setClock(Duration.ofHours(-1));
    timers.advance(Duration.ofMinutes(5));
    record("web", "Late");
    passMoment();

    assertThat(cluster.events().getLast().getReason()).isEqualTo("Late");
  }

  @Test
  void whereManyObjectsSayMuchOnlySomeOfItIsTold() {
    tellOf("early", 300);
    await().until(() -> cluster.events().size() == 100 && threads.idle());

    timers.advance(Duration.ofSeconds(1));
    tellOf("late", 300);
    passMoment();

    await().until(() -> cluster.events().size() == 150);
  }

  private void tellOf(String pods, int count) {
    IntStream.range(0, count).forEach(i -> record(pods + "-" + i, "Started"));
  }

  private void record(String pod, String reason) {
    recorder.record(about("default", pod), Severity.NORMAL, reason, "it is so");
  }

  /** Lets everything that was recorded be gathered, and then told. */
  private void passMoment() {
    await().until(() -> timers.hasTimerIn(EventRecorder.GATHERING) && threads.idle());
    timers.advance(EventRecorder.GATHERING);
    await().until(threads::idle);
  }

  private void awaitReasons(String... reasons) {
    await()
        .until(() ->
            cluster.events().stream().map(Event::getReason).toList().equals(List.of(reasons)));
  }

  /** Threads of which it is known whether they have something to do. */
  private static final class BusyThreads implements Executor, AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger busy = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
      busy.incrementAndGet();
      threads.execute(() -> {
        try {
          task.run();
        } finally {
          busy.decrementAndGet();
        }
      });
    }

    boolean idle() {
      return busy.get() == 0;
    }

    @Override
    public void close() {
      threads.close();
    }
  }

  private static ObjectReference about(String namespace, String pod) {
    return new ObjectReferenceBuilder()
        .withKind("Pod")
        .withNamespace(namespace)
        .withName(pod)
        .withUid("uid-of-" + namespace + "-" + pod)
        .build();
  }
}
