package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods of which all run or none. Four nodes, each with one port to give. */
@ExtendWith(SchedulingCluster.class)
final class PodGroupsIT {

  private final Kubectl kubectl;

  PodGroupsIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  private void job(String name, int pods, int min) {
    kubectl.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata:
              labels: {app: %1$s, scheduler.shiplog.dev/pod-group: %1$s}
              annotations: {scheduler.shiplog.dev/pod-group-min: "%3$d"}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: c, image: busybox, ports: [{containerPort: 80, hostPort: 7171}]}
        """
            .formatted(name, pods, min));
  }

  private String messages(String group) {
    return "get pods -l app="
        + group
        + " -o jsonpath={.items[0].status.conditions[?(@.type==\"PodScheduled\")].message}";
  }

  @Test
  void aGroupThatDoesNotFitAsAWholeLeavesItsRoomToOthers() {
    job("five", 5, 5);
    kubectl.await(
        messages("five"),
        "pod group \"five\": 4 of the 5 pods it still needs find a node. 0/4 nodes are available: 4"
            + " node(s) didn't have free ports for the requested pod ports.");
    job("three", 3, 3);
    kubectl.await("get deployment three -o jsonpath={.status.readyReplicas}", "3");
    assertThat(kubectl.ok("get pods -l app=five -o jsonpath={.items[*].spec.nodeName}")).isEmpty();
    kubectl.ok("delete deployment three five");
    kubectl.await("get pods -l app=three -o name", "");
  }

  @Test
  void aGroupIsBoundInOneCommitOnceAllOfItIsThere() {
    job("late", 2, 3);
    kubectl.await(messages("late"), "pod group \"late\" waits until 3 of its pods are there");
    kubectl.ok("scale deployment late --replicas=3");
    kubectl.await("get deployment late -o jsonpath={.status.readyReplicas}", "3");
    kubectl.ok("delete deployment late");
    kubectl.await("get pods -l app=late -o name", "");
  }
}
