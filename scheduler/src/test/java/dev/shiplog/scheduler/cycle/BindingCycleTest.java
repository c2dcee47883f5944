package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.BindingPlugins;
import dev.shiplog.scheduler.framework.Permission;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultBinder;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.topics.journal.CommandResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What plugins have a say in once a pod has a node. One node of 4 cores. */
class BindingCycleTest {

  private static final Permission FOR_TEN_SECONDS = new Permission.Wait(Duration.ofSeconds(10));

  private final Gatekeeper gatekeeper = new Gatekeeper();
  private final RecordingOutbox outbox = new RecordingOutbox();
  private Scheduler scheduler = with(gatekeeper.alone());

  private Scheduler with(BindingPlugins plugins) {
    return new Scheduler(DefaultProfile.create().with(plugins), () -> 0, outbox);
  }

  @BeforeEach
  void oneNode() {
    scheduler.putNode(node("n"), 0);
  }

  private void arrive(String name, String cpu, long nowMs) {
    scheduler.putPod(pod(name, cpu, "1Gi"), nowMs);
    run(nowMs);
  }

  private void run(long nowMs) {
    scheduler.run(100, nowMs);
  }

  private static Pod bound(String name, String node) {
    return podOf(
        name, "{metadata: {resourceVersion: '7'}, spec: {nodeName: '%s'}}".formatted(node));
  }

  private static Pod member(String name) {
    return podOf(
        name,
        """
        {metadata: {labels: {'scheduler.shiplog.dev/pod-group': 'g'},
           annotations: {'scheduler.shiplog.dev/pod-group-min': '2'}},
         spec: {containers: [{resources: {requests: {cpu: '1'}}}]}}
        """);
  }

  @Test
  void aPodIsReservedForThenPermittedThenBoundAndThenReported() {
    arrive("a", "1", 0);
    assertThat(outbox.binds).containsExactly("a->n");
    scheduler.putPod(bound("a", "n"), 1);
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "permit a n", "postBind a n");
  }

  @Test
  void aPodThatIsNotReservedForGoesBackToTheQueueWithTheReason() {
    gatekeeper.verdicts.put("a", Verdict.unschedulable("node(s) had no licence left"));
    arrive("a", "1", 0);
    assertThat(outbox.binds).isEmpty();
    assertThat(outbox.told)
        .containsExactly(
            "a Unschedulable: 0/1 nodes are available: 1 node(s) had no licence left.");
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "unreserve a n");
    assertThat(scheduler.cluster().node("n").orElseThrow().podCount()).isZero();
  }

  @Test
  void aPodThatWasTurnedDownIsTriedAgainOnceAnythingHasChanged() {
    gatekeeper.verdicts.put("a", Verdict.unschedulable("node(s) had no licence left"));
    arrive("a", "1", 0);
    gatekeeper.verdicts.clear();
    run(20_000);
    assertThat(outbox.binds).isEmpty();
    arrive("b", "1", 20_000);
    run(20_001);
    assertThat(outbox.binds).containsExactly("b->n", "a->n");
  }

  @Test
  void aDeniedPodIsUnreservedAndItsRoomIsFree() {
    gatekeeper.permissions.put("a", new Permission.Deny("node(s) were closed"));
    arrive("a", "4", 0);
    assertThat(outbox.told)
        .containsExactly("a Unschedulable: 0/1 nodes are available: 1 node(s) were closed.");
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "permit a n", "unreserve a n");
    arrive("b", "4", 1);
    assertThat(outbox.binds).containsExactly("b->n");
  }

  @Test
  void aWaitingPodKeepsItsRoomAndIsAskedAgainOnceAnotherWasPlaced() {
    gatekeeper.permissions.put("a", FOR_TEN_SECONDS);
    arrive("a", "3", 0);
    assertThat(scheduler.waitingForPermitCount()).isEqualTo(1);
    arrive("b", "3", 1);
    assertThat(outbox.told).singleElement().asString().contains("b Unschedulable");
    gatekeeper.permissions.clear();
    run(2);
    assertThat(outbox.binds).isEmpty();
    arrive("c", "1", 3);
    assertThat(outbox.binds).containsExactly("c->n", "a->n");
    assertThat(scheduler.waitingForPermitCount()).isZero();
  }

  @Test
  void aWaitEndsAtItsTimeLimitWithADenial() {
    gatekeeper.permissions.put("a", FOR_TEN_SECONDS);
    arrive("a", "1", 0);
    run(9_999);
    assertThat(outbox.told).isEmpty();
    run(10_000);
    assertThat(outbox.told)
        .containsExactly(
            "a Unschedulable: 0/1 nodes are available: 1 rejected due to timeout after waiting 10s"
                + " at plugin Gatekeeper.");
    assertThat(gatekeeper.calls).endsWith("unreserve a n");
    assertThat(scheduler.queue().contains("default/a")).isTrue();
  }

  @Test
  void aWaitingPodThatIsDeletedGivesEverythingBack() {
    gatekeeper.permissions.put("a", FOR_TEN_SECONDS);
    arrive("a", "4", 0);
    scheduler.removePod("default/a", 5, 1);
    run(1);
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "permit a n", "unreserve a n");
    assertThat(scheduler.waitingForPermitCount()).isZero();
    assertThat(scheduler.queue().size()).isZero();
    assertThat(scheduler.cluster().node("n").orElseThrow().podCount()).isZero();
  }

  /** It has not begun anything that would have to be ended. */
  @Test
  void aWaitingPodThatIsPreemptedGoesBackToTheQueueAndIsNotDeleted() {
    gatekeeper.permissions.put("a", FOR_TEN_SECONDS);
    arrive("a", "4", 0);
    scheduler.putPod(
        pod("urgent", "{priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]}"), 1);
    run(1);
    assertThat(outbox.told)
        .containsExactly(
            "urgent nominated for n",
            "urgent Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.",
            "a Unschedulable: 0/1 nodes are available: 1 preempted.");
    assertThat(scheduler.queue().contains("default/a")).isTrue();
    gatekeeper.permissions.clear();
    run(1_001);
    assertThat(outbox.binds).containsExactly("urgent->n");
  }

  @Test
  void aWaitEndsWhenTheNodeIsGone() {
    gatekeeper.permissions.put("a", FOR_TEN_SECONDS);
    arrive("a", "1", 0);
    scheduler.putNode(node("other"), 1);
    arrive("b", "1", 1);
    scheduler.removeNode("n", 2);
    scheduler.removePod("default/b", 9, 2);
    run(2);
    assertThat(outbox.told).containsExactly("a SchedulerError: node n is gone");
    assertThat(gatekeeper.calls).contains("unreserve a n");
  }

  @Test
  void aRefusedBindingIsUnreserved() {
    arrive("a", "1", 0);
    scheduler.decided("0", new CommandResult(409, "Conflict", "no", "pods", 1), 1);
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "permit a n", "unreserve a n");
  }

  @Test
  void aPodThatSomebodyElseBoundToAnotherNodeIsUnreserved() {
    arrive("a", "1", 0);
    scheduler.putPod(bound("a", "elsewhere"), 1);
    assertThat(gatekeeper.calls).containsExactly("reserve a n", "permit a n", "unreserve a n");
  }

  @Test
  void ofAGroupNoneIsBoundIfOneIsDenied() {
    gatekeeper.permissions.put("b", new Permission.Deny("node(s) were closed"));
    scheduler.putPod(member("a"), 0);
    scheduler.putPod(member("b"), 0);
    run(0);
    assertThat(outbox.commands).isEmpty();
    assertThat(outbox.told)
        .contains(
            "a Unschedulable: pod group \"g\": pod \"b\" was turned down: 0/1 nodes are available:"
                + " 1 node(s) were closed.",
            "b Unschedulable: 0/1 nodes are available: 1 node(s) were closed.");
    assertThat(gatekeeper.calls).endsWith("unreserve a n", "unreserve b n");
  }

  @Test
  void aGroupWaitsUntilAllOfItIsPermitted() {
    gatekeeper.permissions.put("b", FOR_TEN_SECONDS);
    scheduler.putPod(member("a"), 0);
    scheduler.putPod(member("b"), 0);
    run(0);
    assertThat(outbox.commands).isEmpty();
    gatekeeper.permissions.clear();
    arrive("c", "1", 1);
    assertThat(outbox.commands).contains("all or none: a->n, b->n");
  }

  @Test
  void aPluginThatFailsStopsOnePodOnly() {
    for (String point : List.of("reserve", "permit")) {
      gatekeeper.failsAt = point + " " + point;
      arrive(point, "1", 0);
      assertThat(gatekeeper.calls).endsWith("unreserve " + point + " n");
      assertThat(outbox.told).last().asString().startsWith(point + " SchedulerError: running ");
      assertThat(scheduler.queue().contains("default/" + point)).isTrue();
    }
    arrive("other", "1", 0);
    assertThat(outbox.binds).containsExactly("other->n");
  }

  @Test
  void theFirstBindPluginWithAnAnswerSaysWhatThePodGets() {
    scheduler =
        with(
            new BindingPlugins(
                List.of(), List.of(), List.of(gatekeeper, new DefaultBinder()), List.of()));
    oneNode();
    gatekeeper.extras.put("a", new BindExtras(Map.of("rank", "3"), Map.of("seat", "window")));
    arrive("a", "1", 0);
    arrive("b", "1", 0);
    assertThat(outbox.binds).containsExactly("a->n", "b->n");
    assertThat(outbox.extras)
        .containsExactly(
            new BindExtras(Map.of("rank", "3"), Map.of("seat", "window")), BindExtras.NONE);
  }

  @Test
  void aPodThatNoBindPluginBindsIsTriedAgainLater() {
    scheduler = with(new BindingPlugins(List.of(), List.of(), List.of(gatekeeper), List.of()));
    oneNode();
    arrive("a", "1", 0);
    assertThat(outbox.told)
        .containsExactly("a SchedulerError: running Bind plugin: none of them binds this pod");
    assertThat(scheduler.queue().contains("default/a")).isTrue();
  }
}
