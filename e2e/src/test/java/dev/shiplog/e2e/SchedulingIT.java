package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Constraints of scheduling as a user meets them, on four simulated nodes. */
@ExtendWith(SchedulingCluster.class)
final class SchedulingIT {

  private static final int NODES = SchedulingCluster.NODES;
  private static final String NODES_OF = "get pods -o jsonpath={.items[*].spec.nodeName} -l app=";

  private static Kubectl kubectl;

  @BeforeAll
  static void find(Kubectl shared) {
    kubectl = shared;
  }

  /** As many pods of an app as there are nodes, or more. */
  private static void deployment(String app, int replicas, String podSpec) {
    kubectl.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: c, image: busybox, ports: [%3$s]}]
              %4$s
        """
            .formatted(
                app,
                replicas,
                podSpec.startsWith("{hostPort") ? podSpec : "",
                podSpec.startsWith("{hostPort") ? "" : podSpec));
  }

  private static void pod(String name, String spec) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          %s
        """
            .formatted(name, spec.strip().replace("\n", "\n  ")));
  }

  private static List<String> nodesOf(String app) {
    String nodes = kubectl.ok(NODES_OF + app);
    return nodes.isEmpty() ? List.of() : List.of(nodes.split(" "));
  }

  private static void awaitReady(String app, int replicas) {
    kubectl.await(
        "get deployment " + app + " -o jsonpath={.status.readyReplicas}",
        Integer.toString(replicas));
  }

  private static void awaitMessage(String pod, String message) {
    kubectl.await(
        "get pod " + pod + " -o jsonpath={.status.conditions[?(@.type==\"PodScheduled\")].message}",
        message);
  }

  @Test
  void aSpreadConstraintPlacesOnePodOnEachNode() {
    deployment(
        "spread",
        NODES,
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname,"
            + " whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: spread}}}]");
    awaitReady("spread", NODES);
    assertThat(new HashSet<>(nodesOf("spread"))).hasSize(NODES);
  }

  @Test
  void antiAffinityKeepsPodsApartAndTellsWhyOneWaits() {
    deployment(
        "apart",
        NODES,
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            + " [{topologyKey: kubernetes.io/hostname,"
            + " labelSelector: {matchLabels: {app: apart}}}]}}");
    awaitReady("apart", NODES);
    assertThat(new HashSet<>(nodesOf("apart"))).hasSize(NODES);
    kubectl.ok("scale deployment apart --replicas=" + (NODES + 1));
    kubectl.await(
        "get pods -l app=apart -o"
            + " jsonpath={.items[*].status.conditions[?(@.reason==\"Unschedulable\")].message}",
        "0/4 nodes are available: 4 node(s) didn't match pod anti-affinity rules. preemption: "
            + "0/4 nodes are available: 4 No preemption victims found for incoming pod.");
    kubectl.ok("delete deployment apart");
  }

  @Test
  void aPodThatFitsNowhereIsToldWhyForEveryNode() {
    String node = kubectl.ok("get nodes -o jsonpath={.items[0].metadata.name}");
    kubectl.ok("taint node " + node + " dedicated=gpu:NoSchedule");
    pod(
        "large",
        "containers: [{name: c, image: busybox, resources: {requests: {cpu: \"100000\"}}}]");
    // Should the scheduler have read the pod before the taint: a change of the pod tries it again.
    kubectl.ok("label pod large try=again");
    awaitMessage(
        "large",
        "0/4 nodes are available: 1 node(s) had untolerated taint(s), "
            + "3 Insufficient cpu. preemption: 0/4 nodes are available: "
            + "4 Preemption is not helpful for scheduling.");
    kubectl.ok("delete pod large");
    kubectl.ok("taint node " + node + " dedicated-");
  }

  @Test
  void anUrgentPodTakesThePlaceOfALessUrgentOne() {
    deployment("low", NODES, "{hostPort: 7070, containerPort: 7070}");
    awaitReady("low", NODES);
    kubectl.ok("create priorityclass urgent --value=1000");
    pod(
        "urgent",
        """
        priorityClassName: urgent
        containers: [{name: c, image: busybox, ports: [{hostPort: 7070, containerPort: 7070}]}]
        """);
    kubectl.ok("wait --for=condition=Ready pod/urgent --timeout=60s");
    assertThat(kubectl.ok("get events --field-selector reason=Preempted -o jsonpath={..message}"))
        .contains("Preempted by pod ", " on node " + nodeOf("urgent"));
    awaitReady("low", NODES - 1);
    kubectl.ok("delete deployment low");
    kubectl.ok("delete pod urgent");
  }

  /** By a resource that somebody has written into a node's status, as device plugins do. */
  @Test
  void replicasTakeTheRoomOfLessUrgentOnesAndACriticalPodThatOfAll() {
    String node = kubectl.ok("get nodes -o jsonpath={.items[1].metadata.name}");
    kubectl.ok(
        "patch node "
            + node
            + " --subresource=status --type=merge -p"
            + " {\"status\":{\"capacity\":{\"example.com/fake\":\"4\"},"
            + "\"allocatable\":{\"example.com/fake\":\"4\"}}}");
    kubectl.ok("create priorityclass modest --value=1");
    kubectl.ok("create priorityclass medium --value=2");
    replicasThatNeedOneEach("modest");
    awaitReady("modest", 3);
    replicasThatNeedOneEach("medium");
    awaitReady("medium", 3);
    awaitReady("modest", 1);
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: critical, namespace: kube-system}
        spec:
          priorityClassName: system-cluster-critical
          containers: [{name: c, image: busybox, resources: {limits: {example.com/fake: 4}}}]
        """);
    kubectl.ok("wait -n kube-system --for=condition=Ready pod/critical --timeout=60s");
    assertThat(kubectl.ok("get pods -l app=medium -o jsonpath={.items[*].spec.nodeName}"))
        .isEmpty();
    kubectl.ok("delete deployment modest medium");
    kubectl.ok("delete pod critical -n kube-system");
  }

  /** Three, with the priority of their name. */
  private static void replicasThatNeedOneEach(String name) {
    kubectl.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: 3
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              terminationGracePeriodSeconds: 1
              priorityClassName: %1$s
              containers: [{name: c, image: busybox, resources: {limits: {example.com/fake: 1}}}]
        """
            .formatted(name));
  }

  private static String nodeOf(String pod) {
    return kubectl.ok("get pod " + pod + " -o jsonpath={.spec.nodeName}");
  }

  @Test
  void aGatedPodWaitsUntilItsGateIsRemoved() {
    pod(
        "gated",
        """
        schedulingGates: [{name: example.com/wait}]
        containers: [{name: c, image: busybox}]
        """);
    awaitMessage("gated", "Scheduling is blocked due to non-empty scheduling gates");
    assertThat(kubectl.ok("get pod gated")).contains("SchedulingGated");
    kubectl.ok(
        "patch pod gated --type=json -p [{\"op\":\"remove\",\"path\":\"/spec/schedulingGates\"}]");
    kubectl.ok("wait --for=condition=Ready pod/gated --timeout=60s");
  }
}
