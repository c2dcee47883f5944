package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.testing.Lots;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept from one decision to the next must never show in a decision. */
class IncrementalEvaluationTest {

  private static final List<String> ZONES = List.of("a", "b", "c");

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Pod> pods = new TreeMap<>();
  private final Cluster cluster = newCluster();
  private final Lots lots = new Lots();
  private final SchedulingCycle cycle = new SchedulingCycle(DefaultProfile.create(), cluster, lots);
  private Random random;

  private static Cluster newCluster() {
    Cluster cluster = new Cluster();
    cluster.workloads().putService("default", "web", Map.of("app", "web"));
    return cluster;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aClusterKeptUpToDateDecidesLikeOneMadeAnew(long seed) {
    random = new Random(seed);
    for (int step = 0; step < 400; step++) {
      change();
      Pod pod = randomPod("new", "");
      assertThat(outcome(cycle, lots, pod)).as("step %s", step).isEqualTo(decideAnew(pod));
    }
  }

  private String decideAnew(Pod pod) {
    Cluster anew = newCluster();
    nodes.values().forEach(anew::putNode);
    pods.values().forEach(anew::putPod);
    Lots ownLots = new Lots();
    return outcome(new SchedulingCycle(DefaultProfile.create(), anew, ownLots), ownLots, pod);
  }

  private static String outcome(SchedulingCycle cycle, Lots lots, Pod pod) {
    return switch (cycle.decide(pod)) {
      case Decision.Placed placed -> new BestNodes(cycle, lots).of(pod).toString();
      case Decision.Unschedulable unschedulable -> unschedulable.diagnosis().message();
    };
  }

  private void change() {
    String nodeName = "n" + random.nextInt(12);
    String podName = "p" + random.nextInt(40);
    switch (random.nextInt(10)) {
      case 0 -> {
        nodes.remove(nodeName);
        cluster.removeNode(nodeName);
      }
      case 1, 2, 3 -> {
        Node node = randomNode(nodeName);
        nodes.put(nodeName, node);
        cluster.putNode(node);
      }
      case 4, 5 -> {
        pods.remove("default/" + podName);
        cluster.removePod("default/" + podName);
      }
      default -> {
        Pod pod = randomPod(podName, nodeName);
        pods.put(pod.key(), pod);
        cluster.putPod(pod);
      }
    }
  }

  private Node randomNode(String name) {
    return node(
        name,
        """
        {metadata: {labels: {'topology.kubernetes.io/zone': '%s', disk: '%s'}},
         spec: {unschedulable: %s, taints: [%s]},
         status: {allocatable: {cpu: '%d', memory: '%dGi', pods: '%d'}}}
        """
            .formatted(
                pick(ZONES),
                pick(List.of("ssd", "hdd")),
                random.nextInt(8) == 0,
                pick(
                    List.of(
                        "",
                        "",
                        "{key: 'k', effect: 'NoSchedule'}",
                        "{key: 'k', effect: 'PreferNoSchedule'}")),
                1 + random.nextInt(4),
                1 + random.nextInt(4),
                1 + random.nextInt(6)));
  }

  private Pod randomPod(String name, String node) {
    return podOf(
        name,
        """
        {metadata: {labels: {app: '%s'}},
         spec: {nodeName: '%s', nodeSelector: %s, tolerations: [%s], topologySpreadConstraints: [%s],
           affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [%s]}},
           containers: [{ports: [%s], resources: {requests: {cpu: '%dm', memory: '%dMi'}}}]}}
        """
            .formatted(
                pick(List.of("web", "db")),
                node,
                pick(List.of("{}", "{}", "{disk: 'ssd'}")),
                pick(List.of("", "", "{key: 'k', operator: 'Exists'}")),
                pick(List.of("", "", "", spread("ScheduleAnyway"), spread("DoNotSchedule"))),
                pick(
                    List.of(
                        "",
                        """
                        {weight: 10, preference:
                          {matchExpressions: [{key: 'disk', operator: 'Exists'}]}}
                        """)),
                pick(List.of("", "", "{hostPort: 80}")),
                random.nextInt(8) * 250,
                random.nextInt(8) * 256));
  }

  private static String spread(String whenUnsatisfiable) {
    return """
    {topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, whenUnsatisfiable: '%s',
     labelSelector: {matchLabels: {app: 'web'}}}
    """
        .formatted(whenUnsatisfiable);
  }

  private <T> T pick(List<T> options) {
    return options.get(random.nextInt(options.size()));
  }
}
