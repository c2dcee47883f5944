package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.cycle.Explainer;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes a1 and a2 lie in zone a, b1 in zone b, x in none. */
class InterPodAffinityTest {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final InterPodAffinity plugin = new InterPodAffinity();
  private final Cluster cluster = new Cluster();
  private int placed;

  @BeforeEach
  void nodes() {
    for (String name : List.of("a1", "a2", "b1")) {
      String zone = name.substring(0, 1);
      cluster.putNode(node(name, "{metadata: {labels: {'%s': '%s'}}}".formatted(ZONE, zone)));
    }
    cluster.putNode(node("x"));
  }

  private static String term(String app, String more) {
    return "{topologyKey: '%s', labelSelector: {matchLabels: {app: '%s'}} %s}"
        .formatted(ZONE, app, more);
  }

  private static String required(String kind, String... terms) {
    return "{%s: {requiredDuringSchedulingIgnoredDuringExecution: [%s]}}"
        .formatted(kind, String.join(",", terms));
  }

  private static String preferred(String kind, int weight, String term) {
    return "{%s: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: %d, podAffinityTerm: %s}]}}"
        .formatted(kind, weight, term);
  }

  private static Pod pod(String app, String affinity) {
    return podOf(
        "new",
        "{metadata: {labels: {app: '%s', v: '1'}}, spec: {affinity: %s}}".formatted(app, affinity));
  }

  private Pod place(String app, String node, String namespace, String affinity) {
    Pod pod =
        podOf(
            app + placed++,
            "{metadata: {namespace: '%s', labels: {app: '%s', v: '2'}}, spec: {nodeName: '%s', affinity: %s}}"
                .formatted(namespace, app, node, affinity));
    cluster.putPod(pod);
    return pod;
  }

  private Pod place(String app, String node) {
    return place(app, node, "default", "{}");
  }

  private List<OfNode> explain(Pod pod) {
    Profile profile =
        new Profile(
            "s", List.of(), List.of(plugin), List.of(), List.of(new Weighted<>(plugin, 1)), false);
    return new Explainer(profile, cluster).explain(pod).nodes();
  }

  private List<String> feasible(Pod pod) {
    return explain(pod).stream().filter(OfNode::feasible).map(OfNode::name).toList();
  }

  private String reason(Pod pod, String node) {
    return explain(pod).stream()
        .filter(n -> n.name().equals(node))
        .flatMap(n -> n.rejections().values().stream())
        .flatMap(verdict -> verdict.reasons().stream())
        .findFirst()
        .orElse("");
  }

  private Map<String, Long> scores(Pod pod) {
    Map<String, Long> scores = new TreeMap<>();
    explain(pod).forEach(node -> scores.put(node.name(), node.total()));
    return scores;
  }

  @Test
  void affinityAsksForADomainThatHoldsSuchAPod() {
    place("db", "a1");
    Pod pod = pod("web", required("podAffinity", term("db", "")));
    assertThat(feasible(pod)).containsExactly("a1", "a2");
    assertThat(reason(pod, "b1")).isEqualTo("node(s) didn't match pod affinity rules");
  }

  @Test
  void onePodMustMatchAllTermsOfAffinity() {
    place("db", "a1");
    place("web", "b1");
    Pod pod = pod("x", required("podAffinity", term("db", ""), term("web", "")));
    assertThat(feasible(pod)).isEmpty();
  }

  @Test
  void theFirstOfAGroupThatWantsToBeTogetherGoesWhereTheTopologyIs() {
    Pod pod = pod("web", required("podAffinity", term("web", "")));
    assertThat(feasible(pod)).containsExactly("a1", "a2", "b1");
    place("web", "b1");
    assertThat(feasible(pod)).containsExactly("b1");
  }

  @Test
  void antiAffinityAsksForADomainWithoutSuchAPod() {
    place("web", "a1");
    Pod pod = pod("web", required("podAntiAffinity", term("web", "")));
    assertThat(feasible(pod)).containsExactly("b1", "x");
    assertThat(reason(pod, "a2")).isEqualTo("node(s) didn't match pod anti-affinity rules");
  }

  @Test
  void antiAffinityOfPlacedPodsHoldsForThePodAsWell() {
    Pod guard = place("guard", "a1", "default", required("podAntiAffinity", term("web", "")));
    Pod pod = pod("web", "{}");
    assertThat(feasible(pod)).containsExactly("b1", "x");
    assertThat(reason(pod, "a2"))
        .isEqualTo("node(s) didn't satisfy existing pods anti-affinity rules");
    assertThat(feasible(pod("db", "{}"))).hasSize(4);
    cluster.removePod(guard.key());
    assertThat(feasible(pod)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          | default | true
          | other   | false
          , namespaces: ['other'] | other | true
          , namespaces: ['other'] | default | false
          , namespaceSelector: {} | other | true
          , namespaceSelector: {matchLabels: {team: 'red'}} | other | true
          , namespaceSelector: {matchLabels: {team: 'red'}} | default | false
          , namespaceSelector: {matchLabels: {team: 'red'}}, namespaces: ['default'] | default | true
          , matchLabelKeys: ['v'] | default | false
          , mismatchLabelKeys: ['v'] | default | true
          """)
  void aTermIsAboutPodsOfItsNamespaces(String more, String namespace, boolean about) {
    cluster.putNamespace("other", Map.of("team", "red"));
    place("db", "a1", namespace, "{}");
    Pod pod = pod("web", required("podAntiAffinity", term("db", more == null ? "" : more)));
    assertThat(feasible(pod).contains("a1")).isEqualTo(!about);
  }

  @Test
  void labelsOfANamespaceCountAsTheyAreNow() {
    String term = term("db", ", namespaceSelector: {matchLabels: {team: 'red'}}");
    Pod pod = pod("web", required("podAntiAffinity", term));
    place("db", "a1", "other", "{}");
    assertThat(feasible(pod)).hasSize(4);
    cluster.putNamespace("other", Map.of("team", "red"));
    assertThat(feasible(pod)).containsExactly("b1", "x");
    cluster.putNamespace("other", Map.of());
    assertThat(feasible(pod)).hasSize(4);
  }

  @Test
  void wishesScoreByTheirWeightsFromTheWorstToTheBestNode() {
    place("db", "a1");
    place("db", "a1");
    place("db", "b1");
    assertThat(scores(pod("web", preferred("podAffinity", 10, term("db", "")))))
        .isEqualTo(Map.of("a1", 100L, "a2", 100L, "b1", 50L, "x", 0L));
    assertThat(scores(pod("web", preferred("podAntiAffinity", 10, term("db", "")))))
        .isEqualTo(Map.of("a1", 0L, "a2", 0L, "b1", 50L, "x", 100L));
  }

  @Test
  void wishesAndDemandsOfPlacedPodsScoreAsWell() {
    place("friend", "a1", "default", preferred("podAffinity", 2, term("web", "")));
    place("needy", "b1", "default", required("podAffinity", term("web", "")));
    assertThat(scores(pod("web", "{}")))
        .isEqualTo(Map.of("a1", 100L, "a2", 100L, "b1", 50L, "x", 0L));
  }

  @Test
  void whereNobodyWishesAnythingNothingIsScored() {
    place("db", "a1");
    assertThat(explain(pod("web", "{}"))).allMatch(node -> node.scores().isEmpty());
  }

  @Test
  void onlyPodsThatMatterMayHelpAWaitingPod() {
    NodeInfo node = cluster.node("a1").orElseThrow();
    Pod web = pod("web", "{}");
    Pod db = pod("db", "{}");
    Pod near = pod("x", required("podAffinity", term("web", "")));
    Pod far = pod("x", required("podAntiAffinity", term("web", "")));
    assertThat(hint(new ClusterEvent.PodPlaced(web, node), near)).isTrue();
    assertThat(hint(new ClusterEvent.PodPlaced(db, node), near)).isFalse();
    assertThat(hint(new ClusterEvent.PodFreed(web, node), far)).isTrue();
    assertThat(hint(new ClusterEvent.PodFreed(db, node), far)).isFalse();
    assertThat(hint(new ClusterEvent.PodFreed(far, node), web)).isTrue();
    assertThat(Stream.of(new ClusterEvent.NodeChanged(node), new ClusterEvent.NodeRemoved("b")))
        .allMatch(event -> hint(event, near));
  }

  private boolean hint(ClusterEvent event, Pod waiting) {
    return plugin.mayPassAfter(event, waiting, cluster);
  }
}
