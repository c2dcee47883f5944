package dev.shiplog.agent.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A sandbox as it is.
 *
 * @param id the runtime's
 * @param pod from its spec
 * @param attempt from its spec
 * @param ready whether it can hold running containers: its network and processes are there
 * @param createdAt when it was made
 * @param ips its own addresses, the main one first; empty on the host's network and when not ready
 * @param hostNetwork from its spec
 * @param labels from its spec
 * @param annotations from its spec
 */
public record SandboxStatus(
    String id,
    PodIdentity pod,
    int attempt,
    boolean ready,
    Instant createdAt,
    List<String> ips,
    boolean hostNetwork,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public SandboxStatus {
    ips = List.copyOf(ips);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
