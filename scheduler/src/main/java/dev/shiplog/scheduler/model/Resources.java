package dev.shiplog.scheduler.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Amounts of what a pod asks for or a node has.
 *
 * @param cpuMilli CPU in thousandths of a core
 * @param memoryBytes memory
 * @param ephemeralBytes ephemeral storage
 * @param extended every other countable resource by its name: extended resources and huge pages;
 *     sorted, without zeros
 */
public record Resources(
    long cpuMilli, long memoryBytes, long ephemeralBytes, Map<String, Long> extended) {

  public static final Resources NONE = new Resources(0, 0, 0, Map.of());

  /** CPU and memory alone. */
  public static Resources of(long cpuMilli, long memoryBytes) {
    return new Resources(cpuMilli, memoryBytes, 0, Map.of());
  }

  public Resources {
    extended = sortedWithoutZeros(extended);
  }

  public Resources plus(Resources other) {
    return combine(other, Long::sum);
  }

  public Resources minus(Resources other) {
    return combine(other, (mine, theirs) -> mine - theirs);
  }

  /** The larger amount of each resource. */
  public Resources max(Resources other) {
    return combine(other, Math::max);
  }

  /** True if there is not a bit of anything. */
  public boolean isNone() {
    return cpuMilli == 0 && memoryBytes == 0 && ephemeralBytes == 0 && extended.isEmpty();
  }

  /** The amount of any resource by its name in Kubernetes; CPU in thousandths. */
  public long of(String resource) {
    return switch (resource) {
      case "cpu" -> cpuMilli;
      case "memory" -> memoryBytes;
      case "ephemeral-storage" -> ephemeralBytes;
      default -> extended(resource);
    };
  }

  /** The amount of an extended resource, 0 where there is none. */
  public long extended(String name) {
    return extended.getOrDefault(name, 0L);
  }

  private Resources combine(Resources other, LongBinaryOperator operator) {
    return new Resources(
        operator.applyAsLong(cpuMilli, other.cpuMilli),
        operator.applyAsLong(memoryBytes, other.memoryBytes),
        operator.applyAsLong(ephemeralBytes, other.ephemeralBytes),
        combineExtended(other, operator));
  }

  private Map<String, Long> combineExtended(Resources other, LongBinaryOperator operator) {
    if (extended.isEmpty() && other.extended.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> combined = new TreeMap<>();
    extended.forEach(
        (name, mine) -> combined.put(name, operator.applyAsLong(mine, other.extended(name))));
    other.extended.forEach(
        (name, theirs) -> combined.computeIfAbsent(name, n -> operator.applyAsLong(0, theirs)));
    return combined;
  }

  private static Map<String, Long> sortedWithoutZeros(Map<String, Long> amounts) {
    if (amounts.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> sorted = new TreeMap<>(amounts);
    sorted.values().removeIf(amount -> amount == 0);
    return Collections.unmodifiableMap(sorted);
  }
}
