package dev.shiplog.agent.pod;

import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** Under which addresses a pod is reached. */
final class PodAddresses {

  private PodAddresses() {}

  /** The pod's own, or the node's on the host's network; empty while it has no sandbox. */
  static List<String> of(Pod pod, Seen seen, NodeSettings node) {
    return seen.sandbox().map(sandbox -> of(pod, sandbox, node)).orElse(List.of());
  }

  private static List<String> of(Pod pod, SandboxStatus sandbox, NodeSettings node) {
    return PodSpecs.onHostNetwork(pod) ? node.hostIps() : sandbox.ips();
  }

  static String first(List<String> addresses) {
    return addresses.isEmpty() ? "" : addresses.getFirst();
  }
}
