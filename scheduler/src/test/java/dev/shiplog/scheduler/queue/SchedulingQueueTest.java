package dev.shiplog.scheduler.queue;

import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {

  private static final TurnedDown BY_SHAPE =
      new TurnedDown(Set.of("NodeResourcesFit"), Set.of(), true);
  private static final WakeUp EVERYTHING = waking(shape -> true, queued -> true);
  private static final WakeUp NOTHING = waking(shape -> false, queued -> false);

  private final Listener listener = new Listener();
  private final SchedulingQueue queue = new SchedulingQueue(BackOff.DEFAULT, listener);

  /** Notes what it is told. */
  private static final class Listener implements QueueListener {
    private final List<String> came = new ArrayList<>();
    private final Map<String, Integer> turnedDown = new TreeMap<>();

    @Override
    public void came(Place place, String event) {
      came.add(place + " " + event);
    }

    @Override
    public void turnedDown(Pod pod, Set<String> plugins, int change) {
      plugins.forEach(plugin -> turnedDown.merge(plugin, change, Integer::sum));
    }
  }

  private static WakeUp waking(Predicate<PodShape> shapes, Predicate<QueuedPod> pods) {
    return new WakeUp() {
      @Override
      public String cause() {
        return "NodeAdd";
      }

      @Override
      public boolean helps(PodShape shape) {
        return shapes.test(shape);
      }

      @Override
      public boolean helps(QueuedPod pod) {
        return pods.test(pod);
      }
    };
  }

  private List<String> popAll(long nowMs) {
    List<String> names = new ArrayList<>();
    for (Optional<QueuedPod> next = queue.pop(nowMs); next.isPresent(); next = queue.pop(nowMs)) {
      names.add(next.get().pod().name());
    }
    return names;
  }

  private QueuedPod pop(long nowMs) {
    return queue.pop(nowMs).orElseThrow();
  }

  private void makeUnschedulable(String name, long nowMs) {
    queue.put(pod(name), nowMs);
    queue.putUnschedulable(pop(nowMs), BY_SHAPE, nowMs);
  }

  @Test
  void thePodWithTheHighestPriorityIsNext() {
    queue.put(pod("low", "{priority: -5}"), 1);
    queue.put(pod("none"), 2);
    queue.put(pod("high", "{priority: 1000}"), 3);
    assertThat(popAll(3)).containsExactly("high", "none", "low");
  }

  @Test
  void amongEqualPrioritiesTheOldestIsNext() {
    queue.put(pod("b"), 1);
    queue.put(pod("a"), 1);
    queue.put(pod("c"), 0);
    assertThat(popAll(1)).containsExactly("c", "b", "a");
  }

  @Test
  void anUpdateKeepsThePlaceInTheQueue() {
    queue.put(pod("a"), 1);
    queue.put(pod("b"), 1);
    queue.put(podOf("a", "{metadata: {labels: {changed: 'yes'}}}"), 2);
    assertThat(pop(2).pod().labels()).containsEntry("changed", "yes");
  }

  @Test
  void anUpdateOfThePriorityMovesIt() {
    queue.put(pod("a"), 1);
    queue.put(pod("b"), 2);
    queue.put(pod("b", "{priority: 1}"), 3);
    assertThat(popAll(3)).containsExactly("b", "a");
  }

  @Test
  void aGatedPodWaitsUntilItsGatesAreGone() {
    queue.put(pod("a", "{schedulingGates: [{name: 'g'}]}"), 1);
    queue.wake(EVERYTHING, 2);
    assertThat(queue.gatedCount()).isEqualTo(1);
    assertThat(popAll(3)).isEmpty();
    queue.put(pod("a"), 4);
    assertThat(popAll(4)).containsExactly("a");
  }

  @Test
  void anUnschedulablePodWaitsForAChangeThatHelpsIt() {
    makeUnschedulable("a", 0);
    queue.wake(NOTHING, 5_000);
    assertThat(popAll(5_000)).isEmpty();
    queue.wake(EVERYTHING, 5_000);
    assertThat(popAll(5_000)).containsExactly("a");
  }

  @Test
  void aWokenPodStillServesItsBackOff() {
    makeUnschedulable("a", 0);
    queue.wake(EVERYTHING, 500);
    assertThat(queue.backingOffCount()).isEqualTo(1);
    assertThat(popAll(999)).isEmpty();
    assertThat(popAll(1_000)).containsExactly("a");
  }

  @Test
  void theBackOffDoublesUpToTenSeconds() {
    queue.put(pod("a"), 0);
    long now = 0;
    for (long expectedMs : new long[] {1_000, 2_000, 4_000, 8_000, 10_000, 10_000}) {
      QueuedPod queued = pop(now);
      queue.putBackingOff(queued, queued.pod(), now);
      assertThat(queue.pop(now + expectedMs - 1)).isEmpty();
      now += expectedMs;
    }
    assertThat(pop(now).attempts()).isEqualTo(7);
  }

  @Test
  void aShapeIsAskedAboutOnceForAllItsPods() {
    makeUnschedulable("a", 0);
    makeUnschedulable("b", 0);
    queue.put(pod("large", "8", "1Gi"), 0);
    queue.putUnschedulable(pop(0), BY_SHAPE, 0);
    List<PodShape> asked = new ArrayList<>();
    queue.wake(
        waking(
            shape -> {
              asked.add(shape);
              return shape.requests().isNone();
            },
            queued -> true),
        2_000);
    assertThat(asked).hasSize(2);
    assertThat(popAll(2_000)).containsExactly("a", "b");
  }

  @Test
  void aPodThatAClusterFilterTurnedDownIsAskedAboutByItself() {
    makeUnschedulable("a", 0);
    queue.put(pod("b"), 0);
    Set<String> spread = Set.of("PodTopologySpread");
    queue.putUnschedulable(pop(0), new TurnedDown(spread, spread, true), 0);
    queue.wake(waking(shape -> false, queued -> true), 2_000);
    assertThat(popAll(2_000)).containsExactly("b");
  }

  @Test
  void noPodWaitsLongerThanFiveMinutes() {
    makeUnschedulable("a", 0);
    queue.flush(SchedulingQueue.MOST_UNSCHEDULABLE_MS - 1);
    assertThat(popAll(SchedulingQueue.MOST_UNSCHEDULABLE_MS - 1)).isEmpty();
    queue.flush(SchedulingQueue.MOST_UNSCHEDULABLE_MS + 30_000);
    assertThat(popAll(SchedulingQueue.MOST_UNSCHEDULABLE_MS + 30_000)).containsExactly("a");
  }

  @Test
  void aWaitingPodThatWouldBeScheduledDifferentlyIsTriedAgain() {
    makeUnschedulable("a", 0);
    queue.put(podOf("a", "{metadata: {resourceVersion: '9'}}"), 2_000);
    assertThat(popAll(2_000)).isEmpty();
    queue.put(pod("a", "{tolerations: [{operator: 'Exists'}]}"), 2_000);
    assertThat(popAll(2_000)).containsExactly("a");
  }

  @Test
  void aPodThatTookAnothersNameStartsAnew() {
    makeUnschedulable("a", 0);
    queue.put(podOf("a", "{metadata: {uid: 'other'}}"), 1);
    QueuedPod queued = pop(1);
    assertThat(queued.pod().uid()).isEqualTo("other");
    assertThat(queued.attempts()).isEqualTo(1);
  }

  @Test
  void whereAPodComesToIsToldWithTheReason() {
    makeUnschedulable("a", 0);
    queue.wake(EVERYTHING, 500);
    queue.pop(1_000).ifPresent(again -> queue.putBackingOff(again, again.pod(), 1_000));
    queue.put(pod("g", "{schedulingGates: [{name: 'g'}]}"), 1_000);
    queue.put(pod("g"), 1_000);
    assertThat(listener.came)
        .containsExactly(
            "ACTIVE PodAdd",
            "UNSCHEDULABLE ScheduleAttemptFailure",
            "BACKOFF NodeAdd",
            "ACTIVE BackoffComplete",
            "BACKOFF ScheduleAttemptFailure",
            "GATED PodAdd",
            "ACTIVE PodUpdate");
  }

  @Test
  void whoTurnedAPodDownIsToldUntilItIsTakenOut() {
    makeUnschedulable("a", 0);
    makeUnschedulable("b", 0);
    assertThat(listener.turnedDown).isEqualTo(Map.of("NodeResourcesFit", 2));
    queue.remove("default/b");
    queue.wake(EVERYTHING, 500);
    assertThat(listener.turnedDown).isEqualTo(Map.of("NodeResourcesFit", 1));
    assertThat(popAll(1_000)).containsExactly("a");
    assertThat(listener.turnedDown).isEqualTo(Map.of("NodeResourcesFit", 0));
  }

  /** Kubernetes' order is as strict: who must not wait for others needs a priority of their own. */
  @Test
  void aWaitingPodComesToItsTurnAmongEqualsHoweverManyFollow() {
    makeUnschedulable("old", 0);
    queue.wake(EVERYTHING, 2_000);
    for (int i = 0; i < 5; i++) {
      queue.put(pod("new-" + i), 2_001 + i);
    }
    assertThat(pop(3_000).pod().name()).isEqualTo("old");
  }

  @Test
  void aRemovedPodIsGoneFromEveryPlace() {
    queue.put(pod("active"), 0);
    queue.put(pod("gated", "{schedulingGates: [{name: 'g'}]}"), 0);
    makeUnschedulable("waiting", 0);
    queue.put(pod("resting"), 0);
    QueuedPod resting = queue.pop(0).orElseThrow();
    queue.putBackingOff(resting, resting.pod(), 0);
    for (String name : List.of("active", "gated", "waiting", "resting")) {
      queue.remove("default/" + name);
    }
    queue.wake(EVERYTHING, 20_000);
    assertThat(queue.size()).isZero();
    assertThat(popAll(20_000)).isEmpty();
  }
}
