package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Pods per second of one core's time, every node considered for every pod. "Decided" is from
 * pending to assumed with a bind command asked for; "with JSON" is all the application does for a
 * pod, from the bytes of its record to those of its commands, with Kafka left out. Arguments:
 * numbers of nodes; 1000 and 5000 without any.
 */
public final class SchedulingBench {

  /** Below the scheduler's bound on bindings under way, as nothing answers here. */
  private static final int PODS = 9_000;

  private static final int ROUNDS = 3;
  private static final Logger QUIET = Logger.getLogger("dev.shiplog");

  private SchedulingBench() {}

  public static void main(String[] args) {
    QUIET.setLevel(Level.WARNING);
    int[] nodeCounts =
        args.length == 0
            ? new int[] {1000, 5000}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    System.out.printf("%-34s %8s %14s %14s%n", "pods", "nodes", "decided/s", "with JSON/s");
    for (Workload workload : Workload.all()) {
      List<Pod> pods = Round.pods(workload, PODS);
      for (int nodes : nodeCounts) {
        System.out.printf(
            Locale.ROOT,
            "%-34s %8d %,14.0f %,14.0f%n",
            workload.name(),
            nodes,
            median(() -> Round.podsPerSecond(nodes, pods)),
            median(() -> ApplicationRound.podsPerSecond(nodes, workload, PODS)));
      }
    }
  }

  /** The first half of the rounds warms up. */
  private static double median(DoubleSupplier round) {
    double[] rates = new double[ROUNDS];
    for (int i = 0; i < ROUNDS * 2; i++) {
      rates[i % ROUNDS] = round.getAsDouble();
    }
    Arrays.sort(rates);
    return rates[ROUNDS / 2];
  }
}
