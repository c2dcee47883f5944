package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.plugins.NodeResourcesFit;
import dev.shiplog.topics.journal.CommandResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Nodes have 4 cores. Times are milliseconds from the start. */
class SchedulerTest {

  private static final String NO_VICTIMS =
      " preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
  private static final RandomGenerator FIRST = () -> 0;

  private final RecordingOutbox outbox = new RecordingOutbox();
  private final Scheduler scheduler = new Scheduler(DefaultProfile.create(), FIRST, outbox);

  private static Pod asking(String name, String cpu) {
    return pod(name, cpu, "1Gi");
  }

  private static Pod bound(String name, String node, String cpu, int revision) {
    return podOf(
        name,
        """
        {metadata: {resourceVersion: '%d'},
         spec: {nodeName: '%s', containers: [{resources: {requests: {cpu: '%s', memory: '1Gi'}}}]}}
        """
            .formatted(revision, node, cpu));
  }

  private static CommandResult bindAccepted(long podsRevision) {
    return new CommandResult(201, "", "", "pods", podsRevision);
  }

  private static CommandResult bindRefused(long podsRevision) {
    return new CommandResult(409, "Conflict", "something is wrong", "pods", podsRevision);
  }

  private void run(long nowMs) {
    scheduler.run(100, nowMs);
  }

  @Test
  void aPendingPodIsBoundOnce() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    run(0);
    run(1);
    assertThat(outbox.binds).containsExactly("a->n");
  }

  @Test
  void podsOfOtherSchedulersAndPodsOnTheirWayOutAreLeftAlone() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("other", "{schedulerName: 'mine'}"), 0);
    scheduler.putPod(podOf("leaving", "{metadata: {deletionTimestamp: 't'}}"), 0);
    scheduler.putPod(podOf("over", "{status: {phase: 'Failed'}}"), 0);
    scheduler.putPod(pod("gated", "{schedulingGates: [{name: 'g'}]}"), 0);
    run(0);
    assertThat(outbox.binds).isEmpty();
    assertThat(outbox.told).containsExactly("gated gated");
  }

  @Test
  void manyPodsAreBoundWithoutWaitingForOutcomesButNeverMoreThanFit() {
    scheduler.putNode(node("n"), 0);
    for (int i = 0; i < 6; i++) {
      scheduler.putPod(asking("p" + i, "1"), 0);
    }
    run(0);
    assertThat(outbox.binds).containsExactly("p0->n", "p1->n", "p2->n", "p3->n");
    assertThat(outbox.told)
        .containsExactly(
            "p4 Unschedulable: 0/1 nodes are available: 1 Insufficient cpu." + NO_VICTIMS,
            "p5 Unschedulable: 0/1 nodes are available: 1 Insufficient cpu." + NO_VICTIMS);
  }

  @Test
  void theCallerBoundsHowMuchIsDoneAtOnce() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    scheduler.putPod(asking("b", "1"), 0);
    assertThat(scheduler.run(1, 0)).isEqualTo(1);
    assertThat(scheduler.run(9, 0)).isEqualTo(1);
    assertThat(scheduler.run(9, 0)).isZero();
  }

  @Test
  void aPodThatIsReadAsBoundIsNoLongerWaitedFor() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    run(0);
    scheduler.putPod(bound("a", "n", "1", 7), 1);
    scheduler.decided("0", bindAccepted(7), 2);
    assertThat(outbox.told).isEmpty();
    assertThat(scheduler.bindingCount()).isZero();
  }

  @Test
  void anAcceptedBindingKeepsItsAssumptionUntilThePodIsReadAsBound() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "3"), 0);
    run(0);
    scheduler.decided("0", bindAccepted(7), 1);
    scheduler.putPod(asking("b", "3"), 1);
    run(1);
    scheduler.putPod(bound("a", "n", "3", 7), 2);
    run(2_000);
    assertThat(outbox.binds).containsExactly("a->n");
    assertThat(scheduler.bindingCount()).isZero();
  }

  @Test
  void aRefusedBindingIsTriedAgainAfterItsBackOff() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    run(0);
    scheduler.decided("0", bindRefused(1), 10);
    run(999);
    assertThat(outbox.binds).hasSize(1);
    run(1_000);
    assertThat(outbox.binds).containsExactly("a->n", "a->n");
    assertThat(outbox.told)
        .containsExactly("a SchedulerError: binding rejected: something is wrong");
  }

  @Test
  void aRefusedBindingGivesItsPlaceToPodsThatWait() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "3"), 0);
    scheduler.putPod(asking("b", "3"), 0);
    run(0);
    scheduler.decided("0", bindRefused(1), 500);
    run(1_000);
    assertThat(outbox.binds).hasSize(2);
  }

  @Test
  void aRefusalIsBelievedOnlyOncePodsAreReadAsFarAsTheServerHadThem() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "3"), 0);
    run(0);
    scheduler.decided("0", bindRefused(9), 10);
    scheduler.putPod(asking("b", "3"), 20);
    run(20);
    assertThat(outbox.binds).containsExactly("a->n");
    // Somebody else had bound it to the very node.
    scheduler.putPod(bound("a", "n", "3", 9), 30);
    run(5_000);
    assertThat(outbox.binds).containsExactly("a->n");
    assertThat(scheduler.bindingCount()).isZero();
  }

  @Test
  void aPodThatIsGoneGivesItsPlaceAtOnce() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "3"), 0);
    scheduler.putPod(asking("b", "3"), 0);
    run(0);
    scheduler.removePod("default/a", 5, 1_500);
    run(1_500);
    assertThat(outbox.binds).containsExactly("a->n", "b->n");
    scheduler.decided("0", bindRefused(5), 1_600);
    run(20_000);
    assertThat(outbox.binds).hasSize(2);
  }

  @Test
  void aPodThatIsBeingDeletedKeepsItsPlaceUntilItsBindingIsSettled() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "3"), 0);
    run(0);
    scheduler.putPod(podOf("a", "{metadata: {deletionTimestamp: 't', resourceVersion: '5'}}"), 1);
    scheduler.putPod(asking("b", "1500m"), 1);
    run(1);
    assertThat(outbox.binds).containsExactly("a->n", "b->n");
    scheduler.decided("0", bindRefused(5), 2);
    run(2_000);
    assertThat(scheduler.cluster().node("n").orElseThrow().podCount()).isEqualTo(1);
  }

  @Test
  void aBindingWithoutOutcomeIsSentAgainToTheSameNode() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    run(0);
    scheduler.putNode(node("m"), 1);
    run(BindingCycle.OUTCOME_TIMEOUT_MS - 1);
    assertThat(outbox.binds).hasSize(1);
    run(BindingCycle.OUTCOME_TIMEOUT_MS);
    assertThat(outbox.binds).containsExactly("a->n", "a->n");
    // The refusal of a command that was replaced says nothing about the second.
    scheduler.decided("0", bindRefused(1), BindingCycle.OUTCOME_TIMEOUT_MS);
    assertThat(scheduler.bindingCount()).isEqualTo(1);
  }

  @Test
  void anUnschedulablePodIsTriedAgainWhenANodeComesThatTakesIt() {
    scheduler.putPod(asking("a", "8"), 0);
    run(0);
    scheduler.putNode(node("small"), 2_000);
    run(2_000);
    scheduler.putNode(node("large", "{status: {allocatable: {cpu: '16'}}}"), 3_000);
    run(3_000);
    assertThat(outbox.binds).containsExactly("a->large");
    assertThat(outbox.told).hasSize(1);
  }

  @Test
  void anUnschedulablePodIsTriedAgainWhenANodeChangesInItsFavour() {
    scheduler.putNode(node("n", "{spec: {unschedulable: true}}"), 0);
    scheduler.putPod(asking("a", "1"), 0);
    run(0);
    scheduler.putNode(node("n"), 2_000);
    run(2_000);
    assertThat(outbox.binds).containsExactly("a->n");
  }

  @Test
  void anUnschedulablePodIsTriedAgainWhenAPodLeavesRoom() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(bound("a", "n", "3", 2), 0);
    scheduler.putPod(asking("b", "3"), 0);
    run(0);
    scheduler.removePod("default/a", 3, 2_000);
    run(2_000);
    assertThat(outbox.binds).containsExactly("b->n");
  }

  @Test
  void aPodThatSpreadingKeepsWaitingIsTriedAgainWhenACountedPodIsPlaced() {
    for (String zone : List.of("a", "b")) {
      scheduler.putNode(node(zone, "{metadata: {labels: {zone: '" + zone + "'}}}"), 0);
    }
    scheduler.putNode(
        node("b", "{metadata: {labels: {zone: 'b'}}, spec: {unschedulable: true}}"), 0);
    scheduler.putPod(spreadPod("x", "nodeName: 'a',"), 0);
    scheduler.putPod(spreadPod("y", ""), 0);
    run(0);
    assertThat(outbox.binds).isEmpty();
    scheduler.putPod(spreadPod("z", "nodeName: 'b',"), 2_000);
    run(2_000);
    assertThat(outbox.binds).containsExactly("y->a");
  }

  private static Pod spreadPod(String name, String nodeName) {
    return podOf(
        name,
        """
        {metadata: {labels: {app: 'web'}}, spec: {%s topologySpreadConstraints: [
          {topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule',
           labelSelector: {matchLabels: {app: 'web'}}}]}}
        """
            .formatted(nodeName));
  }

  @Test
  void aHeartbeatOfANodeWakesNobody() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("a", "8"), 0);
    run(0);
    long generation = scheduler.cluster().generation();
    scheduler.putNode(node("n"), 2_000);
    assertThat(scheduler.cluster().generation()).isEqualTo(generation);
  }

  @Test
  void aPodWithAHigherPriorityIsBoundFirst() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(asking("low", "3"), 0);
    scheduler.putPod(
        pod("high", "{priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]}"), 0);
    run(0);
    assertThat(outbox.binds).containsExactly("high->n");
  }

  @Test
  void aPodThatAPluginFailsOnDoesNotHoldUpTheOthers() {
    Profile defaults = DefaultProfile.create();
    Profile failing =
        new Profile(
            defaults.schedulerName(),
            List.of(new FailingFilter()),
            List.of(),
            defaults.shapeScores(),
            List.of(),
            false);
    Scheduler broken = new Scheduler(failing, FIRST, outbox);
    broken.putNode(node("n"), 0);
    broken.putPod(pod("bad", "{hostNetwork: true, containers: [{ports: [{hostPort: 1}]}]}"), 0);
    broken.putPod(asking("good", "1"), 0);
    broken.run(10, 0);
    assertThat(outbox.binds).containsExactly("good->n");
    assertThat(outbox.told)
        .containsExactly(
            "bad SchedulerError: scheduling failed: java.lang.IllegalStateException: broken");
    assertThat(broken.queue().backingOffCount()).isEqualTo(1);
  }

  private static Profile with(ShapeFilter shapeFilter, List<ClusterFilter> clusterFilters) {
    Profile defaults = DefaultProfile.create();
    return new Profile(
        defaults.schedulerName(),
        List.of(shapeFilter, new NodeResourcesFit()),
        clusterFilters,
        defaults.shapeScores(),
        List.of(),
        false);
  }

  /** What it has counted of nodes before stays right. */
  @Test
  void aPluginThatFailsForAWhileSpoilsNothing() {
    AtomicBoolean fails = new AtomicBoolean();
    Scheduler shaky = new Scheduler(with(new Shaky(fails), List.of()), FIRST, outbox);
    shaky.putNode(node("n"), 0);
    shaky.putPod(asking("first", "1"), 0);
    shaky.run(10, 0);
    shaky.putPod(bound("first", "n", "1", 2), 0);
    fails.set(true);
    shaky.putPod(asking("second", "1"), 0);
    for (int second = 0; second < 40; second += 2) {
      shaky.run(10, second * 1_000L);
    }
    fails.set(false);
    shaky.run(10, 60_000);
    assertThat(outbox.binds).containsExactly("first->n", "second->n");
  }

  /** Kubernetes tries such a pod again, so that it is not stuck. */
  @Test
  void aPodOfAPluginWhoseHintsFailIsTriedAgainAtEveryChange() {
    AtomicBoolean fails = new AtomicBoolean(true);
    Scheduler shaky =
        new Scheduler(
            with(new Shaky(new AtomicBoolean()), List.of(new Clueless(fails))), FIRST, outbox);
    shaky.putNode(node("n"), 0);
    shaky.putPod(asking("waiting", "1"), 0);
    shaky.run(10, 0);
    fails.set(false);
    shaky.putNode(node("m"), 5_000);
    shaky.run(10, 5_000);
    assertThat(outbox.binds).containsExactly("waiting->n");
  }

  /** Fails on every node while it is told to. */
  private record Shaky(AtomicBoolean fails) implements ShapeFilter {
    @Override
    public String name() {
      return "Shaky";
    }

    @Override
    public Optional<NodeFilter> preFilter(PodShape shape) {
      return Optional.of(node -> {
        if (fails.get()) {
          throw new IllegalStateException("broken");
        }
        return Verdict.PASS;
      });
    }
  }

  /** Turns pods down while it is told to, and never knows what may help. */
  private record Clueless(AtomicBoolean turnsDown) implements ClusterFilter {
    @Override
    public String name() {
      return "Clueless";
    }

    @Override
    public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
      return turnsDown.get()
          ? Optional.of(node -> Verdict.unschedulable("node(s) are not understood"))
          : Optional.empty();
    }

    @Override
    public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
      throw new IllegalStateException("no idea");
    }
  }

  private static final class FailingFilter implements ShapeFilter {
    @Override
    public String name() {
      return "Failing";
    }

    @Override
    public Optional<NodeFilter> preFilter(PodShape shape) {
      if (!shape.hostPorts().isEmpty()) {
        throw new IllegalStateException("broken");
      }
      return Optional.empty();
    }
  }
}
