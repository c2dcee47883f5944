package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The part of a container's resources that can change while it runs. Equal amounts are equal,
 * however they are written.
 *
 * @param requests by resource
 * @param limits by resource
 */
public record Resizable(Map<String, BigDecimal> requests, Map<String, BigDecimal> limits) {

  private static final Set<String> RESOURCES = Set.of("cpu", "memory");

  /** Of requirements, which may be null. */
  public static Resizable of(ResourceRequirements requirements) {
    return requirements == null
        ? new Resizable(Map.of(), Map.of())
        : new Resizable(amounts(requirements.getRequests()), amounts(requirements.getLimits()));
  }

  private static Map<String, BigDecimal> amounts(Map<String, Quantity> quantities) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    if (quantities != null) {
      RESOURCES.stream()
          .filter(quantities::containsKey)
          .forEach(name ->
              amounts.put(name, quantities.get(name).getNumericalAmount().stripTrailingZeros()));
    }
    return amounts;
  }

  /** Whether this resource is another amount, requested or at most. */
  public boolean differsIn(String resource, Resizable other) {
    return !same(requests.get(resource), other.requests.get(resource))
        || !same(limits.get(resource), other.limits.get(resource));
  }

  private static boolean same(BigDecimal one, BigDecimal other) {
    return Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder()).compare(one, other) == 0;
  }
}
