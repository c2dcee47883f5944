package dev.shiplog.agent.container;

import dev.shiplog.agent.runtime.ContainerResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** Requests and limits, from Kubernetes' quantities to millicores and bytes. */
final class Resources {

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /** Killed last, but after what the node itself needs. */
  private static final int OOM_GUARANTEED = -997;

  private static final int OOM_BEST_EFFORT = 1000;

  private Resources() {}

  static Map<String, Quantity> requests(Container container) {
    return container.getResources() == null || container.getResources().getRequests() == null
        ? Map.of()
        : container.getResources().getRequests();
  }

  static Map<String, Quantity> limits(Container container) {
    return container.getResources() == null || container.getResources().getLimits() == null
        ? Map.of()
        : container.getResources().getLimits();
  }

  /** What one container may use; {@code memoryOfNode} in bytes decides its share of OOM risk. */
  static ContainerResources of(Pod pod, Container container, long memoryOfNode) {
    ContainerResources own = of(container);
    return new ContainerResources(
        own.cpuRequestMillis(),
        own.cpuLimitMillis(),
        own.memoryRequestBytes(),
        own.memoryLimitBytes(),
        OptionalInt.of(oomScore(QosClass.of(pod), own.memoryRequestBytes(), memoryOfNode)));
  }

  /** What the container says itself. */
  static ContainerResources of(Container container) {
    return new ContainerResources(
        millis(requests(container)).orElse(millis(limits(container)).orElse(0)),
        millis(limits(container)),
        bytes(requests(container), "memory").orElse(0),
        bytes(limits(container), "memory"),
        OptionalInt.empty());
  }

  /** The sum over a pod's containers; limited only if each of them is. */
  static ContainerResources of(Pod pod) {
    List<ContainerResources> each =
        pod.getSpec().getContainers().stream().map(container -> of(pod, container, 1)).toList();
    return new ContainerResources(
        sum(each, ContainerResources::cpuRequestMillis),
        each.stream().allMatch(r -> r.cpuLimitMillis().isPresent())
            ? OptionalLong.of(sum(each, r -> r.cpuLimitMillis().getAsLong()))
            : OptionalLong.empty(),
        sum(each, ContainerResources::memoryRequestBytes),
        each.stream().allMatch(r -> r.memoryLimitBytes().isPresent())
            ? OptionalLong.of(sum(each, r -> r.memoryLimitBytes().getAsLong()))
            : OptionalLong.empty(),
        OptionalInt.empty());
  }

  /** A burstable container that asked for more of the node's memory is killed later. */
  private static int oomScore(QosClass qos, long memoryRequest, long memoryOfNode) {
    return switch (qos) {
      case GUARANTEED -> OOM_GUARANTEED;
      case BEST_EFFORT -> OOM_BEST_EFFORT;
      case BURSTABLE -> {
        long share = memoryOfNode == 0 ? 0 : 1000 * memoryRequest / memoryOfNode;
        yield Math.clamp(1000 - share, 1000 + OOM_GUARANTEED, OOM_BEST_EFFORT - 1);
      }
    };
  }

  private static long sum(
      List<ContainerResources> each, ToLongFunction<ContainerResources> amount) {
    return each.stream().mapToLong(amount).sum();
  }

  private static OptionalLong millis(Map<String, Quantity> quantities) {
    Quantity cpu = quantities.get("cpu");
    return cpu == null
        ? OptionalLong.empty()
        : OptionalLong.of(roundedUp(cpu.getNumericalAmount().multiply(MILLIS)));
  }

  static OptionalLong bytes(Map<String, Quantity> quantities, String name) {
    Quantity quantity = quantities.get(name);
    return quantity == null
        ? OptionalLong.empty()
        : OptionalLong.of(roundedUp(quantity.getNumericalAmount()));
  }

  private static long roundedUp(BigDecimal amount) {
    return amount.setScale(0, RoundingMode.CEILING).longValueExact();
  }
}
