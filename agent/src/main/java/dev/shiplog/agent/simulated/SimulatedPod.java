package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The sandboxes and containers of one pod, newest first. Guarded by the runtime. */
final class SimulatedPod {

  private final PodIdentity identity;
  private final List<SandboxStatus> sandboxes = new ArrayList<>(1);
  private final List<ContainerStatus> containers = new ArrayList<>(1);

  SimulatedPod(PodIdentity identity) {
    this.identity = identity;
  }

  RuntimePod snapshot() {
    return new RuntimePod(identity, sandboxes, containers);
  }

  boolean isEmpty() {
    return sandboxes.isEmpty() && containers.isEmpty();
  }

  void add(SandboxStatus sandbox) {
    sandboxes.addFirst(sandbox);
  }

  void add(ContainerStatus container) {
    containers.addFirst(container);
  }

  Optional<SandboxStatus> sandbox(String id) {
    return sandboxes.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  Optional<ContainerStatus> container(String id) {
    return containers.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  List<ContainerStatus> containersIn(String sandboxId) {
    return containers.stream().filter(each -> each.sandboxId().equals(sandboxId)).toList();
  }

  void changeSandbox(String id, UnaryOperator<SandboxStatus> change) {
    sandboxes.replaceAll(each -> each.id().equals(id) ? change.apply(each) : each);
  }

  void changeContainer(String id, UnaryOperator<ContainerStatus> change) {
    containers.replaceAll(each -> each.id().equals(id) ? change.apply(each) : each);
  }

  void removeSandbox(String id) {
    sandboxes.removeIf(each -> each.id().equals(id));
    containers.removeIf(each -> each.sandboxId().equals(id));
  }

  void removeContainer(String id) {
    containers.removeIf(each -> each.id().equals(id));
  }
}
