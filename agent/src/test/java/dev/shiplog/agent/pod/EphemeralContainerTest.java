package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers that are added to a pod that runs, to look around in it. */
final class EphemeralContainerTest extends OnTestNode {

  @BeforeEach
  void open() {
    node.run("web");
  }

  @Test
  void itRunsBesideTheOthersAndThePodStaysAsItIs() {
    add("look", "");

    await().until(() -> look().getState().getRunning() != null);
    assertThat(node.condition("web", "Ready").getStatus()).isEqualTo("True");
    assertThat(node.status("web").getContainerStatuses()).hasSize(1);
    assertThat(node.cluster.events())
        .anyMatch(event ->
            "spec.ephemeralContainers{look}".equals(event.getInvolvedObject().getFieldPath()));
  }

  @Test
  void itIsNotStartedAgain() {
    add("look", "");
    await().until(() -> look().getState().getRunning() != null);

    node.runtime.exit(uid("web"), "look", 1);

    await().until(() -> look().getState().getTerminated() != null);
    assertThat(look().getState().getTerminated().getExitCode()).isEqualTo(1);
    node.runtime.exit(uid("web"), "main", 0);
    node.awaitRun("web", "main", 1);
    assertThat(node.runtime.calls("startContainer")).containsOnlyOnce("startContainer look");
    assertThat(node.status("web").getPhase()).isEqualTo("Running");
  }

  @Test
  void aTargetThatDoesNotRunIsSaid() {
    add("look", "nobody");

    await()
        .until(() ->
            look().getState().getWaiting() != null
                && "CreateContainerError".equals(look().getState().getWaiting().getReason()));
    assertThat(look().getState().getWaiting().getMessage())
        .isEqualTo("target container \"nobody\" is not running");
  }

  private void add(String name, String target) {
    Pod running = node.cluster.pod(TestNode.NAMESPACE, "web").orElseThrow();
    node.assign(
        new PodBuilder(running)
            .editSpec()
            .addToEphemeralContainers(
                new EphemeralContainerBuilder()
                    .withName(name)
                    .withImage("example.com/tools:1")
                    .withImagePullPolicy("IfNotPresent")
                    .withTargetContainerName(target)
                    .build())
            .endSpec()
            .build());
  }

  /** Empty until the pod's status tells of it. */
  private ContainerStatus look() {
    return node.status("web").getEphemeralContainerStatuses().stream()
        .findFirst()
        .orElseGet(() -> new ContainerStatusBuilder().withNewState().endState().build());
  }
}
