package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.runtime.ContainerResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * What is promised of a node.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes memory
 * @param storageBytes room for logs, layers and emptyDirs
 */
record Demand(long cpuMillis, long memoryBytes, long storageBytes) {

  static final Demand NONE = new Demand(0, 0, 0);

  static final String STORAGE = "ephemeral-storage";

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /**
   * What a pod asks for: all its containers and sidecars together, or what an init container needs
   * beside the sidecars before it, if that is more.
   */
  static Demand of(Pod pod) {
    Demand sidecars = NONE;
    Demand starting = NONE;
    for (Container init : pod.getSpec().getInitContainers()) {
      Demand own = of(init);
      if (PodSpecs.isSidecar(init)) {
        sidecars = sidecars.plus(own);
      } else {
        starting = starting.max(sidecars.plus(own));
      }
    }
    Demand running = sidecars;
    for (Container container : pod.getSpec().getContainers()) {
      running = running.plus(of(container));
    }
    return ofPod(pod, running.max(starting)).plus(of(pod.getSpec().getOverhead()));
  }

  /** What the pod itself asks for counts in place of what its containers do. */
  private static Demand ofPod(Pod pod, Demand containers) {
    ResourceRequirements resources = pod.getSpec().getResources();
    if (resources == null) {
      return containers;
    }
    Map<String, Quantity> own = new HashMap<>(orNone(resources.getLimits()));
    own.putAll(orNone(resources.getRequests()));
    Demand asked = of(own);
    return new Demand(
        own.containsKey("cpu") ? asked.cpuMillis() : containers.cpuMillis(),
        own.containsKey("memory") ? asked.memoryBytes() : containers.memoryBytes(),
        containers.storageBytes());
  }

  private static Map<String, Quantity> orNone(Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }

  private static Demand of(Container container) {
    ContainerResources resources = ContainerSpecs.resources(container);
    return new Demand(
        resources.cpuRequestMillis(),
        resources.memoryRequestBytes(),
        PodPromise.storageBytes(container));
  }

  /** Of quantities by name; null is nothing. */
  static Demand of(Map<String, Quantity> quantities) {
    return quantities == null
        ? NONE
        : new Demand(
            amount(quantities, "cpu").multiply(MILLIS).longValue(),
            amount(quantities, "memory").longValue(),
            amount(quantities, STORAGE).longValue());
  }

  private static BigDecimal amount(Map<String, Quantity> quantities, String name) {
    Quantity quantity = quantities.get(name);
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }

  Demand plus(Demand other) {
    return new Demand(
        cpuMillis + other.cpuMillis,
        memoryBytes + other.memoryBytes,
        storageBytes + other.storageBytes);
  }

  private Demand max(Demand other) {
    return new Demand(
        Math.max(cpuMillis, other.cpuMillis),
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(storageBytes, other.storageBytes));
  }
}
