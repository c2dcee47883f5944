package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.controllers.Scenario.NOW;
import static dev.shiplog.streams.kit.ResourceTypes.LEASES;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Silent nodes, their taints, and the pods on them. In a scenario all changes are a minute old. */
class NodeControllersTest {

  private final Scenario lifecycle =
      new Scenario(new NodeLifecycleController(NOW.minus(Duration.ofHours(1))));
  private final Scenario eviction = new Scenario(new TaintEvictionController());
  private final Scenario collector = new Scenario(new PodGarbageCollector());

  @Test
  void ofASilentNodeNothingIsKnown() {
    lifecycle.given(NODES, node("True"));
    givenLease();

    JsonNode conditions =
        lifecycle.reconcile("n1").commands().getFirst().body().at("/status/conditions");

    assertThat(conditions).hasSize(4);
    assertThat(conditions)
        .allSatisfy(condition -> assertThat(condition.get("status").asText()).isEqualTo("Unknown"));
    assertThat(lifecycle.reconcile("n1").events().getFirst().reason()).isEqualTo("NodeNotReady");
  }

  @Test
  void aNodeIsLookedAtWhenItsTimeIsOver() {
    Scenario fresh = new Scenario(new NodeLifecycleController(NOW.minus(Duration.ofSeconds(10))));
    fresh.given(NODES, node("True"));

    Reconciliation result = fresh.reconcile("n1");

    assertThat(result.commands()).isEmpty();
    assertThat(result.requeueAfter()).contains(Duration.ofSeconds(30));
  }

  @Test
  void anUnknownNodeIsUnreachable() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, another("n2", "True"));

    JsonNode taints = lifecycle.reconcile("n1").commands().getFirst().body().at("/spec/taints");

    assertThat(taints)
        .extracting(taint -> taint.get("key").asText() + ":" + taint.get("effect").asText())
        .containsExactly(
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
  }

  @Test
  void nodesOfAZoneLoseTheirPodsOneAfterTheOther() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, another("n2", "Unknown"));
    lifecycle.given(NODES, another("n3", "True"));

    assertThat(effects("n1")).contains("NoExecute");
    assertThat(effects("n2")).containsExactly("NoSchedule");
    assertThat(lifecycle.reconcile("n2").requeueAfter()).contains(Duration.ofSeconds(10));
  }

  @Test
  void zonesDoNotWaitForEachOther() {
    lifecycle.given(NODES, node("Unknown"));
    Node elsewhere = another("n2", "Unknown");
    elsewhere.getMetadata().setLabels(Map.of("topology.kubernetes.io/zone", "b"));
    lifecycle.given(NODES, elsewhere);
    lifecycle.given(NODES, another("n3", "True"));

    assertThat(effects("n1")).contains("NoExecute");
    assertThat(effects("n2")).contains("NoExecute");
  }

  @Test
  void noPodIsDrivenAwayWhileNoNodeIsReady() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, another("n2", "Unknown"));

    assertThat(effects("n1")).containsExactly("NoSchedule");
  }

  @Test
  void norFromASmallZoneMostOfWhichIsNotReady() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, another("n2", "Unknown"));
    lifecycle.given(NODES, another("n3", "Unknown"));
    lifecycle.given(NODES, another("n4", "True"));

    assertThat(effects("n1")).containsExactly("NoSchedule");
  }

  @Test
  void aLargeZoneMostOfWhichIsNotReadyLosesThemSlowly() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, drivenAway("n2", 50));
    for (int i = 3; i <= 60; i++) {
      lifecycle.given(NODES, another("n" + i, i < 50 ? "Unknown" : "True"));
    }

    assertThat(effects("n1")).containsExactly("NoSchedule");
  }

  @Test
  void afterAFailOverTheTaintsTellWhenTheLastNodeLostItsPods() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, drivenAway("n2", 4));
    lifecycle.given(NODES, another("n3", "True"));

    assertThat(effects("n1")).containsExactly("NoSchedule");
    assertThat(lifecycle.reconcile("n1").requeueAfter()).contains(Duration.ofSeconds(6));
  }

  @Test
  void aNodeThatIsReadyAgainNoLongerCountsAsOneThatIsNot() {
    lifecycle.given(NODES, node("Unknown"));
    lifecycle.given(NODES, another("n2", "Unknown"));
    lifecycle.given(NODES, another("n3", "Unknown"));
    lifecycle.given(NODES, another("n4", "True"));

    lifecycle.given(NODES, another("n3", "True"));

    assertThat(effects("n1")).contains("NoExecute");
  }

  private List<String> effects(String node) {
    JsonNode taints = lifecycle.reconcile(node).commands().getFirst().body().at("/spec/taints");
    List<String> effects = new ArrayList<>();
    taints.forEach(taint -> effects.add(taint.get("effect").asText()));
    return effects;
  }

  private static Node drivenAway(String name, long secondsAgo) {
    return new NodeBuilder(another(name, "Unknown"))
        .withNewSpec()
        .addNewTaint(
            "NoExecute", NodeTaints.UNREACHABLE, NOW.minusSeconds(secondsAgo).toString(), null)
        .endSpec()
        .build();
  }

  private static Node another(String name, String ready) {
    return new NodeBuilder(node(ready)).editMetadata().withName(name).endMetadata().build();
  }

  @Test
  void aNodeThatIsReadyAgainLosesTheTaintsButKeepsOthers() {
    Scenario fresh = new Scenario(new NodeLifecycleController(NOW));
    fresh.given(
        NODES,
        new NodeBuilder(node("True"))
            .withNewSpec()
            .addNewTaint("NoExecute", "node.kubernetes.io/unreachable", NOW.toString(), null)
            .addNewTaint("NoSchedule", "example.com/gpu", null, null)
            .endSpec()
            .build());

    JsonNode taints = fresh.reconcile("n1").commands().getFirst().body().at("/spec/taints");

    assertThat(taints)
        .extracting(taint -> taint.get("key").asText())
        .containsExactly("example.com/gpu");
  }

  @Test
  void aCordonedNodeIsTainted() {
    Scenario fresh = new Scenario(new NodeLifecycleController(NOW));
    fresh.given(
        NODES,
        new NodeBuilder(node("True")).withNewSpec().withUnschedulable(true).endSpec().build());

    assertThat(fresh.reconcile("n1").commands().getFirst().body().at("/spec/taints/0/key").asText())
        .isEqualTo("node.kubernetes.io/unschedulable");
  }

  @Test
  void aPodThatDoesNotTolerateATaintHasToGo() {
    eviction.given(NODES, tainted(0));
    eviction.given(PODS, pod());

    assertThat(eviction.reconcile("n1").commands().getFirst().verb()).isEqualTo(Verb.DELETE);
  }

  @Test
  void aPodMayStayAsLongAsItTolerates() {
    eviction.given(NODES, tainted(100));
    eviction.given(PODS, tolerating(300L));

    Reconciliation result = eviction.reconcile("n1");

    assertThat(result.commands()).isEmpty();
    assertThat(result.requeueAfter()).contains(Duration.ofSeconds(200));
  }

  @Test
  void thenItHasToGo() {
    eviction.given(NODES, tainted(301));
    eviction.given(PODS, tolerating(300L));

    assertThat(eviction.reconcile("n1").commands()).hasSize(1);
  }

  @Test
  void aPodThatToleratesForeverStays() {
    eviction.given(NODES, tainted(100_000));
    eviction.given(PODS, tolerating(null));

    assertThat(eviction.reconcile("n1")).isEqualTo(Reconciliation.nothing());
  }

  @Test
  void podsOfANodeThatIsGoneAreRemovedAtOnce() {
    collector.given(PODS, pod());

    var command = collector.reconcile("ns/p").commands().getFirst();

    assertThat(command.verb()).isEqualTo(Verb.DELETE);
    assertThat(command.body().get("gracePeriodSeconds").asInt()).isZero();
  }

  @Test
  void podsOfANodeThatIsThereAreLeftAlone() {
    collector.given(NODES, node("Unknown"));
    collector.given(PODS, pod());

    assertThat(collector.reconcile("ns/p")).isEqualTo(Reconciliation.nothing());
  }

  @Test
  void anEndingPodThatNeverHadANodeIsRemoved() {
    Pod pod = Objects.pod("p", "web");
    pod.getMetadata().setDeletionTimestamp(NOW.toString());
    collector.given(PODS, pod);

    assertThat(collector.reconcile("ns/p").commands()).hasSize(1);
  }

  private void givenLease() {
    lifecycle.given(
        LEASES,
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace("kube-node-lease")
            .withName("n1")
            .endMetadata()
            .build());
  }

  private static Node node(String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("n1")
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .withLastHeartbeatTime(NOW.minusSeconds(60).toString())
        .withLastTransitionTime(NOW.minusSeconds(600).toString())
        .endCondition()
        .endStatus()
        .build();
  }

  private static Node tainted(long secondsAgo) {
    return new NodeBuilder(node("Unknown"))
        .withNewSpec()
        .addNewTaint(
            "NoExecute", NodeTaints.UNREACHABLE, NOW.minusSeconds(secondsAgo).toString(), null)
        .endSpec()
        .build();
  }

  private static Pod pod() {
    return Objects.running(Objects.pod("p", "web"), "n1", true, NOW);
  }

  private static Pod tolerating(Long seconds) {
    return new PodBuilder(pod())
        .editSpec()
        .addNewToleration()
        .withKey(NodeTaints.UNREACHABLE)
        .withOperator("Exists")
        .withEffect("NoExecute")
        .withTolerationSeconds(seconds)
        .endToleration()
        .endSpec()
        .build();
  }
}
