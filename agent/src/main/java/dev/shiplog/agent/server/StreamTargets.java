package dev.shiplog.agent.server;

import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** Finds what of a pod a stream leads to: what runs now, as the runtime knows it. */
final class StreamTargets {

  private StreamTargets() {}

  /** Id of the running container of that name. */
  static String container(PodRuntime runtime, Pod pod, String name) {
    return held(runtime, pod).stream()
        .flatMap(held -> held.containers().stream())
        .filter(container -> container.name().equals(name))
        .filter(container -> container.state() instanceof Running)
        .findFirst()
        .map(ContainerStatus::id)
        .orElseThrow(
            () -> RefusedException.notFound("container \"%s\" is not running".formatted(name)));
  }

  /** Id of the sandbox that the pod is in. */
  static String sandbox(PodRuntime runtime, Pod pod) {
    return held(runtime, pod).stream()
        .flatMap(held -> held.sandboxes().stream())
        .filter(SandboxStatus::ready)
        .findFirst()
        .map(SandboxStatus::id)
        .orElseThrow(() ->
            RefusedException.notFound(
                "pod \"%s\" is not running".formatted(pod.getMetadata().getName())));
  }

  private static Optional<RuntimePod> held(PodRuntime runtime, Pod pod) {
    return runtime.pod(pod.getMetadata().getUid());
  }
}
