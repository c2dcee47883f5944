package dev.shiplog.bench.report;

import java.util.Arrays;

/**
 * What a phase of the load came to.
 *
 * @param perSecond operations or deliveries
 * @param p50Ms half of the answers took no longer
 * @param p99Ms nearly all took no longer
 * @param cpuMs processor time of the whole server for each operation or delivery
 * @param failed operations that were not answered as they should
 */
record Result(
    String name, double perSecond, double p50Ms, double p99Ms, double cpuMs, long failed) {

  static Result of(String name, long[] nanos, double seconds, double cpuMs, long failed) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Result(
        name,
        sorted.length / seconds,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 99L / 100)] / 1e6,
        cpuMs / sorted.length,
        failed);
  }
}
