package dev.shiplog.streams.controllers.quota;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a whole pod asks for: its containers together with the init containers that stay, or the
 * most that one init container needs before; and what the pod itself costs.
 */
final class PodAmounts {

  private PodAmounts() {}

  static Quantity request(Pod pod, String resource) {
    return of(pod, resource, ResourceRequirements::getRequests);
  }

  static Quantity limit(Pod pod, String resource) {
    return of(pod, resource, ResourceRequirements::getLimits);
  }

  private static Quantity of(
      Pod pod, String resource, Function<ResourceRequirements, Map<String, Quantity>> part) {
    List<Quantity> staying = new ArrayList<>();
    Quantity starting = Amounts.number(0);
    for (Container container : pod.getSpec().getInitContainers()) {
      Quantity amount = of(container, resource, part);
      if ("Always".equals(container.getRestartPolicy())) {
        staying.add(amount);
      } else {
        List<Quantity> together = new ArrayList<>(staying);
        together.add(amount);
        starting = Amounts.larger(starting, Amounts.sum(together.stream()));
      }
    }
    pod.getSpec().getContainers().forEach(one -> staying.add(of(one, resource, part)));
    List<Quantity> all = new ArrayList<>();
    all.add(Amounts.larger(Amounts.sum(staying.stream()), starting));
    if (pod.getSpec().getOverhead() != null && pod.getSpec().getOverhead().containsKey(resource)) {
      all.add(pod.getSpec().getOverhead().get(resource));
    }
    return Amounts.sum(all.stream());
  }

  private static Quantity of(
      Container container,
      String resource,
      Function<ResourceRequirements, Map<String, Quantity>> part) {
    Map<String, Quantity> amounts =
        container.getResources() == null ? null : part.apply(container.getResources());
    return amounts == null || !amounts.containsKey(resource)
        ? Amounts.number(0)
        : amounts.get(resource);
  }
}
