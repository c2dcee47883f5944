package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How much a pod is promised, and so how late it is killed when the node runs short. */
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private final String text;

  QosClass(String text) {
    this.text = text;
  }

  /** As a pod's status says it. */
  public String text() {
    return text;
  }

  public static QosClass of(Pod pod) {
    List<Container> containers =
        Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
            .toList();
    if (containers.stream().noneMatch(QosClass::asksForSomething)) {
      return BEST_EFFORT;
    }
    return containers.stream().allMatch(QosClass::limitsAreRequests) ? GUARANTEED : BURSTABLE;
  }

  private static boolean asksForSomething(Container container) {
    return COUNTED.stream()
        .anyMatch(name ->
            isSet(Resources.requests(container), name) || isSet(Resources.limits(container), name));
  }

  private static boolean limitsAreRequests(Container container) {
    return COUNTED.stream()
        .allMatch(name -> {
          Quantity limit = Resources.limits(container).get(name);
          Quantity request = Resources.requests(container).getOrDefault(name, limit);
          return isSet(Resources.limits(container), name)
              && limit.getNumericalAmount().compareTo(request.getNumericalAmount()) == 0;
        });
  }

  private static boolean isSet(Map<String, Quantity> quantities, String name) {
    Quantity quantity = quantities.get(name);
    return quantity != null && quantity.getNumericalAmount().signum() > 0;
  }
}
