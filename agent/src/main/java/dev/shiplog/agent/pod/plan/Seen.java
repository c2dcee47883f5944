package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.Unknown;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the runtime holds of one pod, as its lifecycle asks for it. Immutable. */
public final class Seen {

  private static final Comparator<ContainerStatus> NEWEST_FIRST =
      Comparator.comparingInt(ContainerStatus::attempt)
          .thenComparing(ContainerStatus::createdAt)
          .reversed();

  /** Nothing. */
  public static final Seen NOTHING = new Seen(List.of(), List.of());

  private final List<SandboxStatus> sandboxes;
  private final List<ContainerStatus> containers;

  private Seen(List<SandboxStatus> sandboxes, List<ContainerStatus> containers) {
    this.sandboxes =
        sandboxes.stream()
            .sorted(Comparator.comparingInt(SandboxStatus::attempt).reversed())
            .toList();
    this.containers = containers.stream().sorted(NEWEST_FIRST).toList();
  }

  public static Seen of(Optional<RuntimePod> pod) {
    return pod.map(each -> new Seen(each.sandboxes(), each.containers())).orElse(NOTHING);
  }

  /** Newest first. */
  public List<SandboxStatus> sandboxes() {
    return sandboxes;
  }

  /** Of all names, newest first. */
  public List<ContainerStatus> containers() {
    return containers;
  }

  /** The sandbox that containers are started in, if there is one that can hold them. */
  public Optional<SandboxStatus> sandbox() {
    return sandboxes.stream().filter(SandboxStatus::ready).findFirst();
  }

  /** Every run of a container that is still there, newest first. */
  public List<ContainerStatus> runs(String name) {
    return containers.stream().filter(each -> each.name().equals(name)).toList();
  }

  /** The last run of a container, in whichever sandbox. */
  public Optional<ContainerStatus> newest(String name) {
    return runs(name).stream().findFirst();
  }

  /** The last run of a container in one sandbox. */
  public Optional<ContainerStatus> newestIn(SandboxStatus sandbox, String name) {
    return runs(name).stream().filter(each -> each.sandboxId().equals(sandbox.id())).findFirst();
  }

  /** How a container ended, if it did. */
  public static Optional<Exited> exit(ContainerStatus container) {
    return Stream.of(container.state())
        .filter(Exited.class::isInstance)
        .map(Exited.class::cast)
        .findFirst();
  }

  /** Whether the container has a process, or may have. */
  public static boolean isAlive(ContainerStatus container) {
    return switch (container.state()) {
      case Running running -> true;
      case Unknown unknown -> true;
      case Created created -> false;
      case Exited exited -> false;
    };
  }

  public boolean anyAlive() {
    return containers.stream().anyMatch(Seen::isAlive);
  }
}
