package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The requests and limits that the downward API gives to containers, in units of the divisor,
 * rounded up. A limit that is not set is what the node can give.
 *
 * @param allocatable the node's
 */
public record ResourceFields(Pod pod, Map<String, Quantity> allocatable) {

  /**
   * The value of a resourceFieldRef.
   *
   * @param own the container that asks, where the selector names no other; may be null in volumes
   * @throws PodConfigException if there is no such container or resource
   */
  public String value(ResourceFieldSelector selector, Container own) {
    Container container =
        selector.getContainerName() == null || selector.getContainerName().isEmpty()
            ? own
            : named(selector.getContainerName());
    String[] parts = selector.getResource().split("\\.", 2);
    BigDecimal amount =
        switch (parts[0]) {
          case "limits" -> limit(container, parts[1]);
          case "requests" -> request(container, parts[1]);
          default ->
              throw new PodConfigException(
                  "unsupported container resource: " + selector.getResource());
        };
    return amount.divide(divisor(selector), 0, RoundingMode.CEILING).toPlainString();
  }

  private Container named(String name) {
    return Stream.concat(
            pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new PodConfigException("container " + name + " not found"));
  }

  private BigDecimal limit(Container container, String resource) {
    Quantity limit = Resources.limits(container).get(resource);
    return limit == null ? ofNode(resource) : limit.getNumericalAmount();
  }

  private BigDecimal request(Container container, String resource) {
    Quantity request = Resources.requests(container).get(resource);
    return request == null ? BigDecimal.ZERO : request.getNumericalAmount();
  }

  private BigDecimal ofNode(String resource) {
    Quantity quantity = allocatable.get(resource);
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }

  private static BigDecimal divisor(ResourceFieldSelector selector) {
    Quantity divisor = selector.getDivisor();
    BigDecimal amount = divisor == null ? BigDecimal.ZERO : divisor.getNumericalAmount();
    return amount.signum() == 0 ? BigDecimal.ONE : amount;
  }
}
