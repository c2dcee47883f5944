package dev.shiplog.scheduler.reference;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.cycle.Decision;
import dev.shiplog.scheduler.cycle.Explainer;
import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import dev.shiplog.scheduler.cycle.SchedulingCycle;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random clusters and pods: feasible nodes, scores and the choice are those of the reference. The
 * cluster goes through thousands of changes, so that what is kept between decisions is compared as
 * well.
 */
class ReferenceComparisonTest {

  private static final int STEPS = 250;
  private static final Map<String, Map<String, String>> NAMESPACES =
      Map.of("default", Map.of("team", "red"), "other", Map.of("team", "blue"));
  private static final Map<String, String> SERVICE = Map.of("app", "web");

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Pod> pods = new TreeMap<>();
  private final Cluster cluster = new Cluster();
  private final Storage storage = new Storage();
  private RandomStorage volumes;
  private RandomObjects objects;
  private Random random;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 12);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decisionsAreThoseOfTheReference(long seed) {
    random = new Random(seed);
    objects = new RandomObjects(random);
    volumes = new RandomStorage(random, cluster.volumes(), storage);
    volumes.begin();
    NAMESPACES.forEach(cluster::putNamespace);
    cluster.workloads().putService("default", "web", SERVICE);
    SchedulingCycle cycle = new SchedulingCycle(DefaultProfile.create(), cluster, random);
    Explainer explainer = new Explainer(DefaultProfile.create(), cluster);
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < 4; i++) {
        change();
      }
      volumes.change();
      Pod pod = podOf("new", objects.pod(""));
      compare("seed " + seed + ", step " + step, pod, cycle, explainer.explain(pod));
    }
  }

  private void compare(String where, Pod pod, SchedulingCycle cycle, Explanation explanation) {
    World world = new World(nodes.values(), pods.values(), NAMESPACES, SERVICE, storage);
    ReferenceFilters filters = new ReferenceFilters(world);
    List<Node> feasible = nodes.values().stream().filter(n -> filters.feasible(pod, n)).toList();
    assertThat(explanation.nodes().stream().filter(OfNode::feasible).map(OfNode::name))
        .as("feasible, %s", where)
        .containsExactlyInAnyOrderElementsOf(feasible.stream().map(Node::name).toList());
    Map<String, Long> expected = new ReferenceScores(world, feasible).totals(pod);
    assertThat(differences(explanation, expected)).as("scores, %s: %s", where, pod).isEmpty();
    if (cycle.decide(pod) instanceof Decision.Placed placed) {
      long best = expected.values().stream().mapToLong(Long::longValue).max().orElseThrow();
      assertThat(expected.get(placed.node().name())).as("choice, %s", where).isEqualTo(best);
    } else {
      assertThat(feasible).as("unschedulable, %s", where).isEmpty();
    }
  }

  /** Scores that every node has alike may be left out: only distances from the best count. */
  private static List<String> differences(Explanation explanation, Map<String, Long> expected) {
    Map<String, Long> actual =
        explanation.nodes().stream()
            .filter(OfNode::feasible)
            .collect(Collectors.toMap(OfNode::name, OfNode::total));
    long ofActual = actual.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long ofExpected = expected.values().stream().mapToLong(Long::longValue).max().orElse(0);
    List<String> differences = new ArrayList<>();
    expected.forEach((name, score) -> {
      if (ofExpected - score != ofActual - actual.get(name)) {
        differences.add(name + ": " + score + ", not " + actual.get(name));
      }
    });
    return differences;
  }

  private void change() {
    String nodeName = "n" + random.nextInt(10);
    String podName = "p" + random.nextInt(40);
    switch (random.nextInt(12)) {
      case 0 -> {
        nodes.remove(nodeName);
        cluster.removeNode(nodeName);
      }
      case 1, 2, 3 -> {
        Node node = node(nodeName, objects.node());
        nodes.put(nodeName, node);
        cluster.putNode(node);
      }
      case 4, 5 -> {
        pods.remove(podName);
        cluster.removePod("default/" + podName);
        cluster.removePod("other/" + podName);
      }
      default -> {
        Pod pod = podOf(podName, objects.pod(nodeName));
        Pod before = pods.put(podName, pod);
        if (before != null) {
          cluster.removePod(before.key());
        }
        cluster.putPod(pod);
      }
    }
  }
}
