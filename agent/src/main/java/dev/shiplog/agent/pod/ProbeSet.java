package dev.shiplog.agent.pod;

import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.pod.plan.Attempts;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.probes.ContainerProbes;
import dev.shiplog.agent.probes.ProbeTarget;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** The probes of a pod's running containers, one set for each run. Belongs to the worker. */
final class ProbeSet {

  private final NodeContext node;
  private final Executor owner;
  private final ContainerProbes.Listener listener;
  private final Map<String, ContainerProbes> byContainerId = new HashMap<>();

  ProbeSet(NodeContext node, Executor owner, ContainerProbes.Listener listener) {
    this.node = node;
    this.owner = owner;
    this.listener = listener;
  }

  Optional<ContainerProbes> of(ContainerStatus container) {
    return Optional.ofNullable(byContainerId.get(container.id()));
  }

  /** Begins to probe what has begun to run, and stops where nothing runs any more. */
  void follow(Pod pod, Seen seen) {
    Set<String> running = new HashSet<>();
    for (ContainerStatus each : seen.containers()) {
      if (each.state() instanceof Running run) {
        running.add(each.id());
        PodSpecs.container(pod, each.name())
            .filter(container -> !byContainerId.containsKey(each.id()))
            .ifPresent(container -> begin(pod, seen, container, each, run));
      }
    }
    byContainerId
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !running.contains(entry.getKey());
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
  }

  /** Nothing is restarted any more; readiness is still of interest. */
  void stopJudging() {
    byContainerId.values().forEach(ContainerProbes::stopJudging);
  }

  void close() {
    byContainerId.values().forEach(ContainerProbes::close);
    byContainerId.clear();
  }

  private void begin(
      Pod pod, Seen seen, Container container, ContainerStatus run, Running running) {
    NodeSettings settings = node.settings();
    String podIp = PodAddresses.first(PodAddresses.of(pod, seen, settings));
    ProbeTarget target = new ProbeTarget(container, podIp, run.id(), running.startedAt());
    var told =
        Attempts.reported(pod, run.name())
            .filter(status -> fullId(run).equals(status.getContainerID()));
    ContainerProbes probes =
        new ContainerProbes(
            node.services(),
            owner,
            node.prober(),
            target,
            told.map(status -> Boolean.TRUE.equals(status.getStarted())).orElse(false),
            told.map(status -> Boolean.TRUE.equals(status.getReady())).orElse(false),
            listener);
    byContainerId.put(run.id(), probes);
    probes.start();
  }

  private String fullId(ContainerStatus run) {
    return node.runtime().info().name() + "://" + run.id();
  }
}
