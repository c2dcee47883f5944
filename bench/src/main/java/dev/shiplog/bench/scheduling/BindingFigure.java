package dev.shiplog.bench.scheduling;

import java.util.Arrays;

/**
 * What creating and binding pods came to.
 *
 * @param perSecond pods bound, from the first creation to the last binding
 * @param p50Ms from the request that creates a pod to the event that shows it bound
 * @param cpuMs processor time of the whole product for each pod
 */
record BindingFigure(
    int nodes, double perSecond, double p50Ms, double p99Ms, double cpuMs, String target) {

  static final String HEAD =
      """
      | nodes | bound per second | create to bound, p50 ms | p99 ms | CPU ms for each pod, all parts | target |
      |---|---|---|---|---|---|
      """;

  static BindingFigure of(long[] nanos, double seconds, double cpuMs, String target) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new BindingFigure(
        0,
        sorted.length / seconds,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 99L / 100)] / 1e6,
        cpuMs / sorted.length,
        target);
  }

  BindingFigure on(int nodeCount) {
    return new BindingFigure(nodeCount, perSecond, p50Ms, p99Ms, cpuMs, target);
  }

  String row() {
    return "| %,d | %,.0f | %.1f | %.1f | %.2f | %s |%n"
        .formatted(nodes, perSecond, p50Ms, p99Ms, cpuMs, target);
  }
}
