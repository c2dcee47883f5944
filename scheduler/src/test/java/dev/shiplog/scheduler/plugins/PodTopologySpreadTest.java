package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scenarios name nodes by zone: a1 and a2 lie in zone a. */
class PodTopologySpreadTest {

  private static final String REQUIRED =
      """
      {topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1,
       whenUnsatisfiable: 'DoNotSchedule', labelSelector: {matchLabels: {app: 'web'}}}
      """;

  private final PodTopologySpread plugin = new PodTopologySpread();
  private final Cluster cluster = new Cluster();
  private int pods;

  private static Node zoned(String name) {
    return node(
        name,
        "{metadata: {labels: {'topology.kubernetes.io/zone': '%s'}}}"
            .formatted(name.substring(0, 1)));
  }

  private void nodes(String... names) {
    Stream.of(names).map(PodTopologySpreadTest::zoned).forEach(cluster::putNode);
  }

  /** Places matching pods, one for each name of a node. */
  private void web(String... onNodes) {
    for (String node : onNodes) {
      cluster.putPod(
          podOf(
              "web-" + pods++,
              "{metadata: {labels: {app: 'web'}}, spec: {nodeName: '%s'}}".formatted(node)));
    }
  }

  private static Pod constrained(String... constraints) {
    return podOf(
        "new",
        "{metadata: {labels: {app: 'web'}}, spec: {topologySpreadConstraints: [%s]}}"
            .formatted(String.join(",", constraints)));
  }

  private List<String> feasible(Pod pod) {
    Optional<NodeFilter> filter = plugin.preFilter(pod, cluster);
    return nodeInfos().stream()
        .filter(node -> filter.isEmpty() || filter.get().filter(node).passes())
        .map(NodeInfo::name)
        .toList();
  }

  private List<NodeInfo> nodeInfos() {
    return Stream.iterate(0, i -> i < cluster.slotCount(), i -> i + 1)
        .map(cluster::at)
        .filter(node -> node != null)
        .toList();
  }

  private Map<String, Long> scores(Pod pod) {
    return scores(plugin, pod);
  }

  private Map<String, Long> scores(PodTopologySpread asked, Pod pod) {
    List<NodeInfo> nodes = nodeInfos();
    long[] scores = new long[nodes.size()];
    assertThat(asked.score(pod, cluster, new All(nodes), scores)).isTrue();
    Map<String, Long> byName = new TreeMap<>();
    for (int i = 0; i < scores.length; i++) {
      byName.put(nodes.get(i).name(), scores[i]);
    }
    return byName;
  }

  private record All(List<NodeInfo> nodes) implements Candidates {
    @Override
    public int count() {
      return nodes.size();
    }

    @Override
    public NodeInfo node(int index) {
      return nodes.get(index);
    }

    @Override
    public int slot(int index) {
      return node(index).slot();
    }
  }

  @Test
  void aDomainThatWouldHoldTooManyMoreIsTurnedDown() {
    nodes("a1", "a2", "b1", "c1");
    web("a1", "b1", "c1", "c1");
    assertThat(feasible(constrained(REQUIRED))).containsExactly("a1", "a2", "b1");
    web("a2");
    assertThat(feasible(constrained(REQUIRED))).containsExactly("b1");
  }

  @Test
  void aPodThatDoesNotMatchItsOwnSelectorDoesNotCountItself() {
    nodes("a1", "b1");
    web("a1");
    Pod other = podOf("new", "{spec: {topologySpreadConstraints: [" + REQUIRED + "]}}");
    assertThat(feasible(other)).containsExactly("a1", "b1");
  }

  @Test
  void aNodeWithoutTheLabelIsTurnedDownAndHoldsNoDomain() {
    nodes("a1", "b1");
    cluster.putNode(node("x"));
    web("a1", "b1", "x");
    assertThat(feasible(constrained(REQUIRED))).containsExactly("a1", "b1");
    NodeFilter filter = plugin.preFilter(constrained(REQUIRED), cluster).orElseThrow();
    assertThat(filter.filter(cluster.node("x").orElseThrow()).reasons())
        .containsExactly(
            "node(s) didn't match pod topology spread constraints (missing required label)");
  }

  @Test
  void withFewerDomainsThanWantedTheEmptiestCountsAsEmpty() {
    nodes("a1", "b1");
    web("a1", "b1");
    assertThat(feasible(constrained(REQUIRED.replace("maxSkew: 1", "maxSkew: 1, minDomains: 3"))))
        .isEmpty();
    assertThat(feasible(constrained(REQUIRED.replace("maxSkew: 1", "maxSkew: 1, minDomains: 2"))))
        .containsExactly("a1", "b1");
  }

  @Test
  void onlyNodesThatThePodsAffinityAllowsCountUnlessItSaysOtherwise() {
    nodes("a1", "b1", "c1");
    web("a1", "b1");
    Pod honoring = inZonesAAndB(REQUIRED);
    Pod ignoring =
        inZonesAAndB(REQUIRED.replace("maxSkew: 1", "maxSkew: 1, nodeAffinityPolicy: 'Ignore'"));
    assertThat(feasible(honoring)).contains("a1", "b1");
    assertThat(feasible(ignoring)).containsExactly("c1");
  }

  private static Pod inZonesAAndB(String constraint) {
    return podOf(
        "new",
        """
        {metadata: {labels: {app: 'web'}}, spec: {topologySpreadConstraints: [%s],
          affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
            {nodeSelectorTerms: [{matchExpressions:
              [{key: 'topology.kubernetes.io/zone', operator: 'In', values: ['a', 'b']}]}]}}}}}
        """
            .formatted(constraint));
  }

  @Test
  void taintedNodesCountUnlessThePodSaysOtherwise() {
    nodes("a1", "b1");
    cluster.putNode(
        node(
            "c1",
            """
            {metadata: {labels: {'topology.kubernetes.io/zone': 'c'}},
             spec: {taints: [{key: 'k', effect: 'NoSchedule'}]}}
            """));
    web("a1", "b1");
    String honoring = REQUIRED.replace("maxSkew: 1", "maxSkew: 1, nodeTaintsPolicy: 'Honor'");
    assertThat(feasible(constrained(REQUIRED))).containsExactly("c1");
    assertThat(feasible(constrained(honoring))).contains("a1", "b1");
  }

  @Test
  void aWishScoresDomainsWithFewerPodsHigher() {
    nodes("a1", "b1", "b2", "c1");
    web("a1", "a1", "b1");
    Pod pod = constrained(REQUIRED.replace("DoNotSchedule", "ScheduleAnyway"));
    assertThat(feasible(pod)).hasSize(4);
    // Per pod ln(3 domains + 2) = 1.61: a 3.22 -> 3, b 1.61 -> 2, c 0.
    assertThat(scores(pod)).isEqualTo(Map.of("a1", 0L, "b1", 33L, "b2", 33L, "c1", 100L));
  }

  @Test
  void aNodeWithoutALabelThePodNamesScoresNothing() {
    nodes("a1", "b1");
    cluster.putNode(node("x"));
    Pod pod = constrained(REQUIRED.replace("DoNotSchedule", "ScheduleAnyway"));
    assertThat(scores(pod)).isEqualTo(Map.of("a1", 100L, "b1", 100L, "x", 0L));
  }

  @Test
  void aPodWithoutConstraintsIsSpreadFromThePodsOfItsService() {
    nodes("a1", "a2", "b1");
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    web("a1");
    Map<String, Long> scores = scores(podOf("new", "{metadata: {labels: {app: 'web'}}}"));
    assertThat(scores.get("b1")).isGreaterThan(scores.get("a2"));
    assertThat(scores.get("a2")).isGreaterThan(scores.get("a1"));
  }

  @Test
  void aPodWithoutConstraintsIsSpreadFromThePodsOfItsController() {
    nodes("a1", "a2");
    cluster
        .workloads()
        .putOwner("ReplicaSet", "default", "web", LabelSelector.of(Map.of("app", "web")));
    web("a1");
    Map<String, Long> scores =
        scores(
            podOf(
                "new",
                """
                {metadata: {ownerReferences:
                  [{kind: 'ReplicaSet', name: 'web', controller: true}]}}
                """));
    assertThat(scores.get("a2")).isGreaterThan(scores.get("a1"));
  }

  @Test
  void aNodeWithoutZoneIsStillSpreadOverByHost() {
    cluster.putNode(node("x"));
    cluster.putNode(node("y"));
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    web("x");
    Map<String, Long> scores = scores(podOf("new", "{metadata: {labels: {app: 'web'}}}"));
    assertThat(scores.get("y")).isGreaterThan(scores.get("x"));
  }

  /** Only Kubernetes' own defaults are lenient with nodes that lack a label. */
  @Test
  void aNodeWithoutALabelThatListedDefaultsNameScoresNothing() {
    nodes("a1", "b1");
    cluster.putNode(node("x"));
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    web("a1");
    PodTopologySpread listed =
        new PodTopologySpread(
            List.of(
                SpreadConstraint.preferred(
                    "topology.kubernetes.io/zone", 1, LabelSelector.NOTHING)));
    Map<String, Long> scores = scores(listed, podOf("new", "{metadata: {labels: {app: 'web'}}}"));
    assertThat(scores).isEqualTo(Map.of("a1", 0L, "b1", 100L, "x", 0L));
  }

  @Test
  void aListedDefaultThatIsRequiredFiltersForPodsOfAWorkload() {
    nodes("a1", "b1");
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    web("a1");
    PodTopologySpread listed =
        new PodTopologySpread(
            List.of(
                new SpreadConstraint(
                    "topology.kubernetes.io/zone",
                    1,
                    true,
                    LabelSelector.NOTHING,
                    1,
                    true,
                    false)));
    NodeFilter filter =
        listed.preFilter(podOf("new", "{metadata: {labels: {app: 'web'}}}"), cluster).orElseThrow();
    assertThat(filter.filter(cluster.node("a1").orElseThrow()).passes()).isFalse();
    assertThat(filter.filter(cluster.node("b1").orElseThrow()).passes()).isTrue();
    assertThat(listed.preFilter(podOf("new", "{}"), cluster)).isEmpty();
  }

  @Test
  void matchLabelKeysNarrowTheSelectorToPodsLikeThisOne() {
    nodes("a1", "b1");
    cluster.putPod(
        podOf("old", "{metadata: {labels: {app: 'web', rev: '1'}}, spec: {nodeName: 'a1'}}"));
    String byRevision = REQUIRED.replace("maxSkew: 1", "maxSkew: 1, matchLabelKeys: ['rev']");
    Pod sameRevision =
        podOf(
            "new",
            "{metadata: {labels: {app: 'web', rev: '1'}},"
                + " spec: {topologySpreadConstraints: ["
                + byRevision
                + "]}}");
    Pod nextRevision =
        podOf(
            "new",
            "{metadata: {labels: {app: 'web', rev: '2'}},"
                + " spec: {topologySpreadConstraints: ["
                + byRevision
                + "]}}");
    assertThat(feasible(sameRevision)).containsExactly("b1");
    assertThat(feasible(nextRevision)).containsExactly("a1", "b1");
  }

  @Test
  void aPodWithoutConstraintsAndWorkloadIsNotScored() {
    nodes("a1", "b1");
    Pod pod = podOf("new", "{}");
    assertThat(plugin.score(pod, cluster, new All(nodeInfos()), new long[2])).isFalse();
    assertThat(plugin.preFilter(pod, cluster)).isEmpty();
  }

  @Test
  void onlyPodsThatCountMayHelpAWaitingPod() {
    nodes("a1");
    NodeInfo node = cluster.node("a1").orElseThrow();
    Pod waiting = constrained(REQUIRED);
    Pod counted = podOf("x", "{metadata: {labels: {app: 'web'}}}");
    Pod other = podOf("y", "{metadata: {labels: {app: 'db'}}}");
    assertThat(plugin.mayPassAfter(new ClusterEvent.PodFreed(counted, node), waiting, cluster))
        .isTrue();
    assertThat(plugin.mayPassAfter(new ClusterEvent.PodPlaced(counted, node), waiting, cluster))
        .isTrue();
    assertThat(plugin.mayPassAfter(new ClusterEvent.PodFreed(other, node), waiting, cluster))
        .isFalse();
    assertThat(plugin.mayPassAfter(new ClusterEvent.NodeChanged(node), waiting, cluster)).isTrue();
    assertThat(plugin.mayPassAfter(new ClusterEvent.NodeRemoved("b1"), waiting, cluster)).isTrue();
  }
}
