package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.State;
import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sandboxes and containers of a simulated node, and the addresses of its pods. Guarded by this;
 * nothing waits while it holds it.
 */
final class SimulatedPods {

  private final AddressPool addresses;
  private final Map<String, SimulatedPod> pods = new LinkedHashMap<>();
  private final Map<String, SimulatedPod> ownerOf = new HashMap<>();

  SimulatedPods(AddressPool addresses) {
    this.addresses = addresses;
  }

  // --- sandboxes

  synchronized void add(SandboxStatus sandbox) {
    SimulatedPod pod =
        pods.computeIfAbsent(sandbox.pod().uid(), _ -> new SimulatedPod(sandbox.pod()));
    pod.add(sandbox);
    ownerOf.put(sandbox.id(), pod);
  }

  /** An address for a pod that has a network of its own. */
  synchronized String takeAddress() {
    return addresses.take();
  }

  synchronized void stopSandbox(String id) {
    owner(id).ifPresent(pod -> pod.changeSandbox(id, this::stopped));
  }

  private SandboxStatus stopped(SandboxStatus sandbox) {
    sandbox.ips().forEach(addresses::give);
    return new SandboxStatus(
        sandbox.id(),
        sandbox.pod(),
        sandbox.attempt(),
        false,
        sandbox.createdAt(),
        List.of(),
        sandbox.hostNetwork(),
        sandbox.labels(),
        sandbox.annotations());
  }

  synchronized void removeSandbox(String id) {
    containersIn(id).forEach(container -> ownerOf.remove(container.id()));
    owner(id)
        .ifPresent(pod -> {
          pod.removeSandbox(id);
          forgetIfEmpty(pod);
        });
    ownerOf.remove(id);
  }

  synchronized Optional<SandboxStatus> sandbox(String id) {
    return owner(id).flatMap(pod -> pod.sandbox(id));
  }

  // --- containers

  /** Adds one, if its sandbox is ready and has none of its name in that attempt. */
  synchronized void add(ContainerStatus container) {
    String sandboxId = container.sandboxId();
    SimulatedPod pod =
        owner(sandboxId)
            .filter(each -> each.sandbox(sandboxId).map(SandboxStatus::ready).orElse(false))
            .orElseThrow(() -> gone("sandbox", sandboxId));
    boolean taken =
        pod.containersIn(sandboxId).stream()
            .anyMatch(c -> c.name().equals(container.name()) && c.attempt() == container.attempt());
    if (taken) {
      throw new RuntimeRefusedException(
          "", "container " + container.name() + " exists in attempt " + container.attempt(), null);
    }
    pod.add(container);
    ownerOf.put(container.id(), pod);
  }

  synchronized Optional<ContainerStatus> container(String id) {
    return owner(id).flatMap(pod -> pod.container(id));
  }

  synchronized List<ContainerStatus> containersIn(String sandboxId) {
    return owner(sandboxId).map(pod -> pod.containersIn(sandboxId)).orElse(List.of());
  }

  /** It runs from now on; empty if it is gone. */
  synchronized Optional<ContainerStatus> runs(String id, Instant since) {
    return set(id, new Running(since));
  }

  /** It ends, if it runs; the state is made from when it began. Empty if it does not run. */
  synchronized Optional<ContainerStatus> ends(String id, Function<Instant, Exited> state) {
    return container(id)
        .map(ContainerStatus::state)
        .filter(Running.class::isInstance)
        .map(Running.class::cast)
        .flatMap(running -> set(id, state.apply(running.startedAt())));
  }

  private Optional<ContainerStatus> set(String id, State state) {
    owner(id).ifPresent(pod -> pod.changeContainer(id, container -> in(container, state)));
    return container(id);
  }

  private static ContainerStatus in(ContainerStatus container, State state) {
    return new ContainerStatus(
        container.id(),
        container.sandboxId(),
        container.pod(),
        container.name(),
        container.attempt(),
        state,
        container.image(),
        container.imageReference(),
        container.createdAt(),
        container.logPath(),
        container.labels(),
        container.annotations());
  }

  synchronized void removeContainer(String id) {
    owner(id)
        .ifPresent(pod -> {
          pod.removeContainer(id);
          forgetIfEmpty(pod);
        });
    ownerOf.remove(id);
  }

  // --- pods

  synchronized List<RuntimePod> all() {
    return pods.values().stream().map(SimulatedPod::snapshot).toList();
  }

  synchronized Optional<RuntimePod> pod(String uid) {
    return Optional.ofNullable(pods.get(uid)).map(SimulatedPod::snapshot);
  }

  private Optional<SimulatedPod> owner(String id) {
    return Optional.ofNullable(ownerOf.get(id));
  }

  private void forgetIfEmpty(SimulatedPod pod) {
    if (pod.isEmpty()) {
      pods.remove(pod.snapshot().pod().uid());
    }
  }

  static NoSuchContainerException gone(String what, String id) {
    return new NoSuchContainerException(what + " " + id + " does not exist", null);
  }
}
