package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code ./shiplog explain}: why a pod is where it is, or nowhere. */
@ExtendWith(SchedulingCluster.class)
final class ExplainIT {

  private final SchedulingCluster.Running running;
  private final Kubectl kubectl;

  ExplainIT(SchedulingCluster.Running running) {
    this.running = running;
    this.kubectl = running.product().kubectl();
  }

  private String explain(String... arguments) {
    List<String> command = new ArrayList<>(List.of("explain"));
    command.addAll(List.of(arguments));
    return running.product().run(command, Duration.ofMinutes(1)).succeeded().out();
  }

  private void pod(String name, String spec) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: c, image: busybox, resources: {requests: {cpu: 1m}}}]
          %s
        """
            .formatted(name, spec));
  }

  @Test
  void aPendingPodIsExplainedByWhatEachNodeLacks() {
    pod("nowhere", "nodeSelector: {disk: tape}");
    kubectl.await(
        "get pod nowhere -o jsonpath={.status.conditions[?(@.type==\"PodScheduled\")].reason}",
        "Unschedulable");
    assertThat(explain("nowhere"))
        .contains(
            "Pod default/nowhere is on no node.",
            "The scheduler's last word: 0/4 nodes are available: 4 node(s) didn't match Pod's node"
                + " affinity/selector.",
            "0 of 4 nodes could take it, as things are now",
            "NodeAffinity: node(s) didn't match Pod's node affinity/selector");
    kubectl.ok("delete pod nowhere");
  }

  /** What was decided is told as it was, though the nodes have changed since. */
  @Test
  void aPastDecisionIsExplainedFromTheLog() {
    pod("placed", "");
    kubectl.ok("wait --for=condition=Ready pod/placed --timeout=60s");
    String node = kubectl.ok("get pod placed -o jsonpath={.spec.nodeName}");
    kubectl.ok("cordon " + node);
    try {
      assertThat(explain("placed"))
          .contains(
              "Pod default/placed is on node " + node + ".",
              "4 of 4 nodes could take it, as things were at revision ",
              "NODERESOURCESFIT")
          .containsPattern(node + " +chosen +\\d+");
      String now = kubectl.ok("get pod placed -o jsonpath={.metadata.resourceVersion}");
      assertThat(explain("placed", "--at", now, "-o", "json"))
          .contains("\"feasible\" : true", "\"NodeResourcesFit\" : ");
    } finally {
      kubectl.ok("uncordon " + node);
      kubectl.ok("delete pod placed");
    }
  }
}
