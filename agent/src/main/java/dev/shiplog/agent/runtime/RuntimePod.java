package dev.shiplog.agent.runtime;

import java.util.List;

/**
 * What a runtime holds of one pod.
 *
 * @param pod which
 * @param sandboxes newest first
 * @param containers of all its sandboxes, newest first
 */
public record RuntimePod(
    PodIdentity pod, List<SandboxStatus> sandboxes, List<ContainerStatus> containers) {

  public RuntimePod {
    sandboxes = List.copyOf(sandboxes);
    containers = List.copyOf(containers);
  }
}
