package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.testing.Lots;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulingCycleTest {

  private final Cluster cluster = new Cluster();
  private final Lots lots = new Lots();
  private final SchedulingCycle cycle = new SchedulingCycle(DefaultProfile.create(), cluster, lots);
  private final BestNodes best = new BestNodes(cycle, lots);

  private String message(Pod pod) {
    return ((Decision.Unschedulable) cycle.decide(pod)).diagnosis().message();
  }

  @Test
  void theLeastAllocatedNodeIsChosen() {
    cluster.putNode(node("full"));
    cluster.putNode(node("empty"));
    cluster.putPod(boundPod("a", "full", "1", "4Gi"));
    assertThat(best.of(pod("new", "1", "4Gi"))).containsExactly("empty");
  }

  @Test
  void equallyGoodNodesAreChosenByLot() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b"));
    cluster.putNode(node("c", "{spec: {taints: [{key: 'k', effect: 'PreferNoSchedule'}]}}"));
    assertThat(best.of(pod("new", "1", "4Gi"))).containsExactly("a", "b");
  }

  @Test
  void aTaintThatPrefersPodsElsewhereOutweighsAllocation() {
    cluster.putNode(node("tainted", "{spec: {taints: [{key: 'k', effect: 'PreferNoSchedule'}]}}"));
    cluster.putNode(node("half-full"));
    cluster.putPod(boundPod("a", "half-full", "2", "8Gi"));
    assertThat(best.of(pod("new", "1", "4Gi"))).containsExactly("half-full");
  }

  @Test
  void wishesAreWeighedAgainstEachOther() {
    cluster.putNode(node("a", "{metadata: {labels: {disk: 'ssd'}}}"));
    cluster.putNode(node("b", "{metadata: {labels: {zone: 'z'}}}"));
    cluster.putNode(node("c"));
    Pod pod =
        pod(
            "new",
            """
            {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
               {weight: 60, preference: {matchExpressions: [{key: 'zone', operator: 'Exists'}]}},
               {weight: 40, preference: {matchExpressions:
                 [{key: 'disk', operator: 'In', values: ['ssd']}]}}]}}}
            """);
    assertThat(best.of(pod)).containsExactly("b");
  }

  @Test
  void replicasAreSpreadOverHostsAndZones() {
    for (String name : new String[] {"a1", "a2", "b1", "b2"}) {
      cluster.putNode(
          node(
              name,
              "{metadata: {labels: {'topology.kubernetes.io/zone': '%s'}}}"
                  .formatted(name.charAt(0))));
    }
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    cluster.putPod(podOf("x", "{metadata: {labels: {app: 'web'}}, spec: {nodeName: 'a1'}}"));
    assertThat(best.of(podOf("y", "{metadata: {labels: {app: 'web'}}}")))
        .containsExactly("b1", "b2");
  }

  @Test
  void whyNoNodeWillDoIsCountedByReason() {
    for (int i = 0; i < 3; i++) {
      cluster.putNode(node("small-" + i));
    }
    cluster.putNode(node("t", "{spec: {taints: [{key: 'k', value: 'v', effect: 'NoSchedule'}]}}"));
    assertThat(message(pod("new", "8", "1Gi")))
        .isEqualTo(
            "0/4 nodes are available: 1 node(s) had untolerated taint(s),"
                + " 3 Insufficient cpu.");
  }

  @Test
  void theMessageFollowsTheCluster() {
    cluster.putNode(node("a"));
    assertThat(message(pod("new", "8", "1Gi")))
        .isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
    cluster.putNode(node("b", "{spec: {unschedulable: true}}"));
    assertThat(message(pod("new", "8", "1Gi")))
        .isEqualTo("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.");
    cluster.removeNode("a");
    cluster.removeNode("b");
    assertThat(message(pod("new", "8", "1Gi"))).isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void ofAPodThatNamesItsNodeNothingElseIsSaidOfTheOthers() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b", "{spec: {unschedulable: true}}"));
    cluster.putNode(node("c"));
    String affinity =
        """
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
          {nodeSelectorTerms: [{matchFields:
            [{key: 'metadata.name', operator: 'In', values: ['a']} %s]}]}}}
        """;
    String containers = "containers: [{resources: {requests: {cpu: '8'}}}], ";
    assertThat(message(pod("new", "{" + containers + affinity.formatted("") + "}")))
        .isEqualTo(
            "0/3 nodes are available: 1 Insufficient cpu,"
                + " 2 node(s) didn't satisfy plugin(s) [NodeAffinity].");
    String conflict = ", {key: 'metadata.name', operator: 'In', values: ['b']}";
    assertThat(message(pod("new", "{" + affinity.formatted(conflict) + "}")))
        .isEqualTo("0/3 nodes are available: pod affinity terms conflict.");
  }

  @Test
  void theFirstFilterThatTurnsANodeDownGivesTheReason() {
    cluster.putNode(node("a", "{spec: {unschedulable: true}}"));
    assertThat(message(pod("new", "{nodeSelector: {gpu: 'yes'}}")))
        .isEqualTo("0/1 nodes are available: 1 node(s) were unschedulable.");
  }

  @Test
  void clusterFiltersThatTurnNodesDownAreNamed() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b", "{spec: {unschedulable: true}}"));
    Pod pod =
        pod(
            "new",
            """
            {topologySpreadConstraints: [{topologyKey: 'zone', maxSkew: 1,
               whenUnsatisfiable: 'DoNotSchedule', labelSelector: {}}]}
            """);
    Diagnosis diagnosis = ((Decision.Unschedulable) cycle.decide(pod)).diagnosis();
    assertThat(diagnosis.rejectedBy()).containsExactly("PodTopologySpread");
    assertThat(diagnosis.plugins())
        .containsExactlyInAnyOrder("PodTopologySpread", "NodeUnschedulable");
    assertThat(diagnosis.message())
        .isEqualTo(
            "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints"
                + " (missing required label), 1 node(s) were unschedulable.");
  }

  @Test
  void whatIsWrongWithThePodItselfIsToldOnceAndNotOfEachNode() {
    cluster.putNode(node("a"));
    cluster.putNode(node("b"));
    Pod pod = pod("p", "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'none'}}]}");

    assertThat(message(pod))
        .isEqualTo("0/2 nodes are available: persistentvolumeclaim \"none\" not found.");
  }
}
