package dev.shiplog.scheduler.model;

import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private final Cluster cluster = new Cluster();

  private NodeInfo info(String name) {
    return cluster.node(name).orElseThrow();
  }

  private List<Integer> changedSince(long generation) {
    List<Integer> slots = new ArrayList<>();
    cluster.forEachChangedSince(generation, slots::add);
    return slots;
  }

  @Test
  void aBoundPodTakesOfItsNode() {
    cluster.putNode(node("n"));
    cluster.putPod(boundPod("a", "n", "100m", "10"));
    cluster.putPod(boundPod("b", "n", "200m", "20"));
    assertThat(info("n").requested()).isEqualTo(Resources.of(300, 30));
    assertThat(info("n").podCount()).isEqualTo(2);
  }

  @Test
  void anAssumedPodTakesOfItsNodeUntilItIsForgotten() {
    cluster.putNode(node("n"));
    Pod pod = pod("a", "100m", "10");
    cluster.putPod(pod);
    cluster.assume(pod, "n");
    assertThat(info("n").requested()).isEqualTo(Resources.of(100, 10));
    cluster.forget(pod.key());
    assertThat(info("n").requested()).isEqualTo(Resources.NONE);
  }

  @Test
  void anAssumedPodThatIsReadAsBoundCountsOnce() {
    cluster.putNode(node("n"));
    cluster.putPod(pod("a", "100m", "10"));
    cluster.assume(pod("a", "100m", "10"), "n");
    cluster.putPod(boundPod("a", "n", "100m", "10"));
    assertThat(info("n").requested()).isEqualTo(Resources.of(100, 10));
    cluster.forget("default/a");
    assertThat(info("n").requested()).isEqualTo(Resources.of(100, 10));
  }

  @Test
  void aPodBoundElsewhereThanAssumedCountsWhereItIsBound() {
    cluster.putNode(node("n"));
    cluster.putNode(node("m"));
    cluster.putPod(pod("a", "100m", "10"));
    cluster.assume(pod("a", "100m", "10"), "n");
    cluster.putPod(boundPod("a", "m", "100m", "10"));
    assertThat(info("n").podCount()).isZero();
    assertThat(info("m").podCount()).isEqualTo(1);
  }

  @Test
  void anUpdateOfAPendingPodKeepsItsAssumption() {
    cluster.putNode(node("n"));
    cluster.putPod(pod("a", "100m", "10"));
    cluster.assume(pod("a", "100m", "10"), "n");
    cluster.putPod(podOf("a", "{metadata: {deletionTimestamp: 'x'}}"));
    assertThat(cluster.assumedNode("default/a")).contains("n");
    assertThat(info("n").podCount()).isEqualTo(1);
  }

  @Test
  void aPodThatTookAnothersNameIsNotAssumed() {
    cluster.putNode(node("n"));
    cluster.putPod(pod("a", "100m", "10"));
    cluster.assume(pod("a", "100m", "10"), "n");
    cluster.putPod(podOf("a", "{metadata: {uid: 'other'}}"));
    assertThat(cluster.assumedNode("default/a")).isEmpty();
    assertThat(info("n").podCount()).isZero();
  }

  @Test
  void aFinishedOrDeletedPodTakesNothing() {
    cluster.putNode(node("n"));
    cluster.putPod(boundPod("a", "n", "1", "1"));
    cluster.putPod(podOf("a", "{spec: {nodeName: 'n'}, status: {phase: 'Succeeded'}}"));
    cluster.putPod(boundPod("b", "n", "1", "1"));
    cluster.removePod("default/b");
    assertThat(info("n").requested()).isEqualTo(Resources.NONE);
  }

  @Test
  void portsOfSeveralPodsAreGivenBackOneByOne() {
    cluster.putNode(node("n"));
    Pod pod = pod("a", "{nodeName: 'n', containers: [{ports: [{hostPort: 80}]}]}");
    cluster.putPod(pod);
    cluster.putPod(pod("b", "{nodeName: 'n', containers: [{ports: [{hostPort: 80}]}]}"));
    cluster.removePod("default/b");
    assertThat(info("n").hasPortConflict(pod.shape().hostPorts())).isTrue();
    cluster.removePod("default/a");
    assertThat(info("n").hasPortConflict(pod.shape().hostPorts())).isFalse();
  }

  @Test
  void podsThatAreReadBeforeTheirNodeCountOnceItComes() {
    cluster.putPod(boundPod("a", "n", "100m", "10"));
    assertThat(cluster.node("n")).isEmpty();
    assertThat(cluster.nodeCount()).isZero();
    cluster.putNode(node("n"));
    assertThat(info("n").requested()).isEqualTo(Resources.of(100, 10));
  }

  @Test
  void aNodeThatComesBackHasThePodsItHad() {
    cluster.putNode(node("n"));
    cluster.putPod(boundPod("a", "n", "100m", "10"));
    cluster.removeNode("n");
    assertThat(cluster.node("n")).isEmpty();
    cluster.putNode(node("n"));
    assertThat(info("n").podCount()).isEqualTo(1);
  }

  @Test
  void aSlotIsUsedAgainAndReportedAsChanged() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b"));
    int slot = info("a").slot();
    cluster.removeNode("a");
    assertThat(cluster.at(slot)).isNull();
    long generation = cluster.generation();
    cluster.putNode(node("c"));
    assertThat(info("c").slot()).isEqualTo(slot);
    assertThat(changedSince(generation)).containsExactly(slot);
  }

  @Test
  void onlyWhatChangedIsVisitedAndEachSlotOnce() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b"));
    cluster.putNode(node("c"));
    long generation = cluster.generation();
    cluster.putPod(boundPod("p", "b", "1", "1"));
    cluster.putPod(boundPod("q", "c", "1", "1"));
    cluster.removePod("default/p");
    assertThat(changedSince(generation)).containsExactly(info("b").slot(), info("c").slot());
    assertThat(changedSince(cluster.generation())).isEmpty();
  }

  @Test
  void matchingPodsAreCountedByNodeFromThenOn() {
    cluster.putNode(node("n"));
    cluster.putPod(podOf("a", "{metadata: {labels: {app: 'x'}}, spec: {nodeName: 'n'}}"));
    LabelSelector selector = LabelSelector.of(Map.of("app", "x"));
    int slot = info("n").slot();
    assertThat(cluster.count("default", selector).at(slot)).isEqualTo(1);

    Pod pending = podOf("b", "{metadata: {labels: {app: 'x'}}}");
    cluster.putPod(pending);
    cluster.assume(pending, "n");
    cluster.putPod(podOf("c", "{metadata: {labels: {app: 'y'}}, spec: {nodeName: 'n'}}"));
    assertThat(cluster.count("default", selector).at(slot)).isEqualTo(2);
    assertThat(cluster.count("elsewhere", selector).at(slot)).isZero();

    cluster.removePod("default/a");
    assertThat(cluster.count("default", selector).at(slot)).isEqualTo(1);
  }

  @Test
  void aPodThatIsBeingDeletedIsNotCountedAsMatching() {
    cluster.putNode(node("n"));
    cluster.putPod(podOf("a", "{metadata: {labels: {app: 'x'}}, spec: {nodeName: 'n'}}"));
    LabelSelector selector = LabelSelector.of(Map.of("app", "x"));
    int slot = info("n").slot();
    cluster.count("default", selector);
    cluster.putPod(
        podOf(
            "a",
            "{metadata: {labels: {app: 'x'}, deletionTimestamp: 't'}, spec: {nodeName: 'n'}}"));
    assertThat(cluster.count("default", selector).at(slot)).isZero();
  }

  @Test
  void aCountFollowsItsNodeToAnotherSlot() {
    cluster.putNode(node("n"));
    cluster.putPod(podOf("a", "{metadata: {labels: {app: 'x'}}, spec: {nodeName: 'n'}}"));
    LabelSelector selector = LabelSelector.of(Map.of("app", "x"));
    cluster.count("default", selector);
    cluster.removeNode("n");
    cluster.putNode(node("m"));
    cluster.putNode(node("n"));
    assertThat(cluster.count("default", selector).at(info("m").slot())).isZero();
    assertThat(cluster.count("default", selector).at(info("n").slot())).isEqualTo(1);
  }

  @Test
  void aTopologyFollowsTheLabelsOfItsNodes() {
    cluster.putNode(node("a", "{metadata: {labels: {zone: 'z1'}}}"));
    cluster.putNode(node("b", "{metadata: {labels: {zone: 'z1'}}}"));
    cluster.putNode(node("c"));
    Topology zones = cluster.topology("zone");
    assertThat(zones.domain(info("a").slot())).isEqualTo(zones.domain(info("b").slot()));
    assertThat(zones.domain(info("c").slot())).isEqualTo(Topology.NONE);
    cluster.putNode(node("b", "{metadata: {labels: {zone: 'z2'}}}"));
    zones = cluster.topology("zone");
    assertThat(zones.domain(info("a").slot())).isNotEqualTo(zones.domain(info("b").slot()));
  }
}
