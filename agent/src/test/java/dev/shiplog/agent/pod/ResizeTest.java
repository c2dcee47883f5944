package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Pods that want other resources while they run, on a node of two cores. */
final class ResizeTest extends OnTestNode {

  private static Container asking(String name, String cpu, String policy) {
    return container(name)
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity(cpu)))
        .endResources()
        .addNewResizePolicy("cpu", policy)
        .build();
  }

  private void start(String name, String cpu, String policy) {
    node.assign(pod(name, asking("main", cpu, policy)).build());
    node.awaitReady(name);
  }

  private void resize(String name, String cpu) {
    Pod pod = node.cluster.pod(TestNode.NAMESPACE, name).orElseThrow();
    node.cluster.put(
        new PodBuilder(pod)
            .editSpec()
            .editFirstContainer()
            .editResources()
            .withRequests(Map.of("cpu", new Quantity(cpu)))
            .endResources()
            .endContainer()
            .endSpec()
            .build());
  }

  private void awaitAllocated(String name, String cpu) {
    node.awaitContainer(
        name,
        "main",
        status -> new Quantity(cpu).equals(status.getAllocatedResources().get("cpu")));
  }

  private void awaitActual(String name, String cpu) {
    node.awaitContainer(
        name,
        "main",
        status -> new Quantity(cpu).equals(status.getResources().getRequests().get("cpu")));
  }

  private static Predicate<PodStatus> pending(String reason) {
    return status ->
        status.getConditions().stream()
            .anyMatch(c -> c.getType().equals("PodResizePending") && c.getReason().equals(reason));
  }

  @Test
  void aRunningContainerGetsWhatItWantsWithoutARestart() {
    start("web", "500m", "NotRequired");

    resize("web", "1");

    awaitActual("web", "1");
    awaitAllocated("web", "1");
    assertThat(node.container("web", "main").getRestartCount()).isZero();
    assertThat(node.status("web").getConditions())
        .noneMatch(condition -> condition.getType().startsWith("PodResize"));
  }

  @Test
  void aContainerThatWantsItSoIsStartedAgain() {
    start("web", "500m", "RestartContainer");

    resize("web", "1");

    node.awaitRun("web", "main", 1);
    awaitActual("web", "1");
  }

  @Test
  void whatTheNodeHasNotIsInfeasible() {
    start("web", "500m", "NotRequired");

    resize("web", "3");

    node.awaitStatus("web", pending("Infeasible"));
    awaitAllocated("web", "500m");
  }

  @Test
  void whatOthersHaveIsWaitedFor() {
    start("web", "500m", "NotRequired");
    start("other", "1200m", "NotRequired");
    resize("web", "1");
    node.awaitStatus("web", pending("Deferred"));

    resize("other", "100m");

    awaitActual("web", "1");
  }
}
