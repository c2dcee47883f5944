package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.runtime.ContainerResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What is promised of a node.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes memory
 */
record Demand(long cpuMillis, long memoryBytes) {

  static final Demand NONE = new Demand(0, 0);

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
    return running.max(starting).plus(of(pod.getSpec().getOverhead()));
  }

  private static Demand of(Container container) {
    ContainerResources resources = ContainerSpecs.resources(container);
    return new Demand(resources.cpuRequestMillis(), resources.memoryRequestBytes());
  }

  /** Of quantities by name; null is nothing. */
  static Demand of(Map<String, Quantity> quantities) {
    return quantities == null
        ? NONE
        : new Demand(
            amount(quantities, "cpu").multiply(MILLIS).longValue(),
            amount(quantities, "memory").longValue());
  }

  private static BigDecimal amount(Map<String, Quantity> quantities, String name) {
    Quantity quantity = quantities.get(name);
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }

  Demand plus(Demand other) {
    return new Demand(cpuMillis + other.cpuMillis, memoryBytes + other.memoryBytes);
  }

  private Demand max(Demand other) {
    return new Demand(
        Math.max(cpuMillis, other.cpuMillis), Math.max(memoryBytes, other.memoryBytes));
  }
}
