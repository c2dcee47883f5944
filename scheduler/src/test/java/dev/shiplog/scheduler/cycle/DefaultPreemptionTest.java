package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.CandidateLimits;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.model.Budgets.Budget;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.topics.journal.CommandResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes have 4 cores. Times are milliseconds from the start. */
class DefaultPreemptionTest {

  private final RecordingOutbox outbox = new RecordingOutbox();
  private final Scheduler scheduler = new Scheduler(DefaultProfile.create(), () -> 0, outbox);

  private static Pod pod(String name, int priority, int cpu, String node, String more) {
    return podOf(
        name,
        """
        {metadata: {labels: {app: '%s'}}, status: {startTime: '%s'},
         spec: {priority: %d, nodeName: '%s' %s,
                containers: [{resources: {requests: {cpu: '%d'}}}]}}
        """
            .formatted(
                name, node.isEmpty() ? "" : "2026-01-01T00:00:00Z", priority, node, more, cpu));
  }

  private void running(String name, int priority, int cpu, String node) {
    scheduler.putPod(pod(name, priority, cpu, node, ""), 0);
  }

  private void pending(String name, int priority, int cpu) {
    scheduler.putPod(pod(name, priority, cpu, "", ""), 0);
  }

  private void leaving(String name, int priority, int cpu, String node) {
    scheduler.putPod(
        podOf(
            name,
            """
            {metadata: {deletionTimestamp: 't'}, spec: {priority: %d, nodeName: '%s',
             containers: [{resources: {requests: {cpu: '%d'}}}]}}
            """
                .formatted(priority, node, cpu)),
        0);
  }

  private void run(long nowMs) {
    scheduler.run(100, nowMs);
  }

  @Test
  void aPodThatFitsNowhereTakesTheRoomOfOneOfLowerPriority() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 3, "n");
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told)
        .containsExactly(
            "low preempted by high on n",
            "high nominated for n",
            "high Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.");
    assertThat(outbox.binds).isEmpty();
    scheduler.removePod("default/low", 9, 2_000);
    run(2_000);
    assertThat(outbox.binds).containsExactly("high->n");
  }

  @Test
  void podsOfTheSameOrHigherPriorityAreLeftAlone() {
    scheduler.putNode(node("n"), 0);
    running("same", 5, 3, "n");
    running("low", 1, 1, "n");
    pending("high", 5, 4);
    run(0);
    assertThat(outbox.told)
        .containsExactly(
            "high Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. "
                + "preemption: 0/1 nodes are available: 1 Insufficient cpu.");
  }

  @Test
  void aPodWhosePolicyIsNeverWaits() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 3, "n");
    scheduler.putPod(pod("polite", 5, 2, "", ", preemptionPolicy: 'Never'"), 0);
    run(0);
    assertThat(outbox.told)
        .containsExactly(
            "polite Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. "
                + "preemption: not eligible due to preemptionPolicy=Never.");
  }

  @Test
  void nodesThatAreOutOfTheQuestionAreNotCleared() {
    scheduler.putNode(node("n", "{spec: {unschedulable: true}}"), 0);
    running("low", 1, 3, "n");
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told)
        .containsExactly(
            "high Unschedulable: 0/1 nodes are available: 1 node(s) were unschedulable. preemption:"
                + " 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
  }

  @Test
  void onlyAsManyGoAsNeededAndTheMostImportantStay() {
    scheduler.putNode(node("n"), 0);
    running("a", 1, 1, "n");
    running("b", 2, 1, "n");
    running("c", 1, 2, "n");
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told).contains("c preempted by high on n").hasSize(3);
  }

  @Test
  void theNodeIsTakenOnWhichTheLeastImportantPodsGo() {
    scheduler.putNode(node("n"), 0);
    scheduler.putNode(node("m"), 0);
    running("three", 3, 4, "n");
    running("two", 2, 4, "m");
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told).contains("two preempted by high on m");
  }

  /** Kubernetes' minCandidateNodesPercentage and minCandidateNodesAbsolute. */
  @Test
  void noMoreNodesAreTriedThanAreEnough() {
    Profile usual = DefaultProfile.create();
    Profile hasty =
        new Profile(
            usual.schedulerName(),
            usual.shapeFilters(),
            usual.clusterFilters(),
            usual.shapeScores(),
            usual.clusterScores(),
            Optional.of(new CandidateLimits(0, 1)),
            usual.binding());
    Scheduler another = new Scheduler(hasty, () -> 0, outbox);
    another.putNode(node("n"), 0);
    another.putNode(node("m"), 0);
    another.putPod(pod("three", 3, 4, "n", ""), 0);
    another.putPod(pod("two", 2, 4, "m", ""), 0);
    another.putPod(pod("high", 5, 2, "", ""), 0);
    another.run(100, 0);
    assertThat(outbox.told).contains("three preempted by high on n");
  }

  /** So that a budget keeps as many of its pods as it can. */
  @Test
  void podsThatABudgetProtectsAreTheFirstToBeSpared() {
    scheduler.putNode(node("n"), 0);
    running("guarded", 1, 2, "n");
    running("free", 3, 2, "n");
    protect("guarded", 0);
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told).contains("free preempted by high on n");
  }

  @Test
  void podsThatABudgetProtectsGoOnlyWhereNothingElseHelps() {
    scheduler.putNode(node("n"), 0);
    scheduler.putNode(node("m"), 0);
    running("guarded", 1, 4, "n");
    running("free", 3, 4, "m");
    protect("guarded", 0);
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told).contains("free preempted by high on m");
  }

  @Test
  void aBudgetThatAllowsADisruptionProtectsNobody() {
    scheduler.putNode(node("n"), 0);
    scheduler.putNode(node("m"), 0);
    running("guarded", 1, 4, "n");
    running("free", 3, 4, "m");
    protect("guarded", 1);
    pending("high", 5, 2);
    run(0);
    assertThat(outbox.told).contains("guarded preempted by high on n");
  }

  private void protect(String app, int allowed) {
    scheduler
        .budgets()
        .put("default", app, new Budget(LabelSelector.of(Map.of("app", app)), allowed, Set.of()));
  }

  @Test
  void whileVictimsAreLeavingNobodyElseGoes() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 3, "n");
    running("other", 1, 1, "n");
    pending("high", 5, 2);
    run(0);
    leaving("low", 1, 3, "n");
    outbox.told.clear();
    run(20_000);
    assertThat(outbox.told)
        .containsExactly(
            "high Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. preemption: "
                + "not eligible due to a terminating pod on the nominated node.");
  }

  @Test
  void theRoomIsKeptForThePodAndNotGivenToALessUrgentOne() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 4, "n");
    pending("high", 5, 3);
    run(0);
    scheduler.removePod("default/low", 9, 10);
    pending("small", 1, 2);
    run(20);
    assertThat(outbox.binds).isEmpty();
    pending("urgent", 9, 2);
    run(30);
    assertThat(outbox.binds).containsExactly("urgent->n");
  }

  @Test
  void roomThatIsNoLongerHeldIsGivenToThoseThatWait() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 4, "n");
    pending("high", 5, 3);
    run(0);
    scheduler.removePod("default/low", 9, 10);
    pending("small", 1, 2);
    run(20);
    scheduler.removePod("default/high", 10, 2_000);
    run(2_000);
    assertThat(outbox.binds).containsExactly("small->n");
  }

  @Test
  void aNominatedPodOfAnEarlierSchedulerGoesWhereItWasNominated() {
    scheduler.putNode(node("m"), 0);
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(podOf("p", "{status: {nominatedNodeName: 'n'}}"), 0);
    run(0);
    assertThat(outbox.binds).containsExactly("p->n");
  }

  @Test
  void antiAffinityIsAReasonToPreemptToo() {
    scheduler.putNode(node("n"), 0);
    running("web", 1, 1, "n");
    String affinity =
        """
        , affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
          {topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {app: 'web'}}}]}}
        """;
    scheduler.putPod(pod("alone", 5, 1, "", affinity), 0);
    run(0);
    assertThat(outbox.told).contains("web preempted by alone on n");
  }

  @Test
  void aPlanLeavesNoTraceInTheCluster() {
    scheduler.putNode(node("n"), 0);
    running("low", 1, 3, "n");
    pending("high", 5, 2);
    run(0);
    assertThat(scheduler.cluster().node("n").orElseThrow().requested().cpuMilli()).isEqualTo(3_000);
    assertThat(List.copyOf(scheduler.cluster().nominations().pods()))
        .containsExactly("default/high");
  }

  @Test
  void aRefusedBindingOfANominatedPodIsTriedAgain() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(podOf("p", "{status: {nominatedNodeName: 'n'}}"), 0);
    run(0);
    scheduler.decided("0", new CommandResult(409, "Conflict", "no", "pods", 1), 10);
    run(3_000);
    assertThat(outbox.binds).containsExactly("p->n", "p->n");
  }
}
