package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.pod.plan.PodSpecs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod was promised. */
public final class PodPromise {

  private PodPromise() {}

  /** The memory that its containers ask for together. */
  public static long memoryBytes(Pod pod) {
    return Demand.of(pod).memoryBytes();
  }

  /** The room for logs, layers and emptyDirs that those which run together ask for. */
  public static long storageBytes(Pod pod) {
    return Stream.concat(
            pod.getSpec().getInitContainers().stream().filter(PodSpecs::isSidecar),
            pod.getSpec().getContainers().stream())
        .mapToLong(PodPromise::storageBytes)
        .sum();
  }

  /** The same for one container. */
  public static long storageBytes(Container container) {
    return container.getResources() == null || container.getResources().getRequests() == null
        ? 0
        : Optional.ofNullable(container.getResources().getRequests().get(Demand.STORAGE))
            .map(quantity -> quantity.getNumericalAmount().longValue())
            .orElse(0L);
  }
}
