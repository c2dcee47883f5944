package dev.shiplog.agent.eviction;

import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.pod.resize.PodPromise;
import dev.shiplog.agent.runtime.PodStats.Usage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What users are told of an eviction, in the kubelet's words. */
final class Words {

  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final int STEP = 1024;

  private Words() {}

  /** What the node is short of, and how short. */
  static String shortage(Signal signal, long least, long available) {
    return "The node was low on resource: %s. Threshold quantity: %s, available: %s. "
        .formatted(signal.resource(), amount(least), amount(available));
  }

  /** Which of the pod's containers use more of it than they asked for. */
  static String excess(
      Pod pod, Signal signal, Map<String, Usage> usages, ToLongFunction<String> disk) {
    return switch (signal) {
      case MEMORY ->
          excess(
              pod,
              signal,
              name -> usages.containsKey(name) ? usages.get(name).workingSetBytes() : 0,
              container -> ContainerSpecs.resources(container).memoryRequestBytes());
      case NODE_DISK, IMAGE_DISK -> excess(pod, signal, disk, PodPromise::storageBytes);
      case NODE_FILES, IMAGE_FILES, PIDS -> "";
    };
  }

  private static String excess(
      Pod pod, Signal signal, ToLongFunction<String> used, ToLongFunction<Container> asked) {
    return pod.getSpec().getContainers().stream()
        .filter(each -> used.applyAsLong(each.getName()) > asked.applyAsLong(each))
        .map(each ->
            "Container %s was using %s, request is %s, has larger consumption of %s. "
                .formatted(
                    each.getName(),
                    amount(used.applyAsLong(each.getName())),
                    amount(asked.applyAsLong(each)),
                    signal.resource()))
        .collect(Collectors.joining());
  }

  /** Bytes in the largest unit that says them exactly, as Kubernetes writes a quantity. */
  static String amount(long bytes) {
    long rest = bytes;
    int unit = 0;
    while (rest != 0 && rest % STEP == 0 && unit < UNITS.size() - 1) {
      rest /= STEP;
      unit++;
    }
    return rest + UNITS.get(unit);
  }
}
