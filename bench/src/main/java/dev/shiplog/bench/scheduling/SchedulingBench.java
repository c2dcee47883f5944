package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * Pods per second of one core's time, every node considered for every pod. "Decided" is from
 * pending to assumed with a bind command asked for; "with JSON" is all the application does for a
 * pod, from the bytes of its record to those of its commands, with Kafka left out.
 */
final class SchedulingBench {

  /** Below the scheduler's bound on bindings under way, as nothing answers here. */
  private static final int PODS = 9_000;

  private static final int ROUNDS = 3;
  private static final int[] NODE_COUNTS = {1_000, 5_000};

  private SchedulingBench() {}

  /** Measures all workloads; a table for a page. */
  static String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| pods | decided, 1,000 nodes | with JSON | decided, 5,000 nodes | with JSON |\n");
    table.append("|---|---|---|---|---|\n");
    for (Workload workload : Workload.all()) {
      String row = row(workload);
      System.out.print(row);
      table.append(row);
    }
    return table.toString();
  }

  private static String row(Workload workload) {
    StringBuilder row = new StringBuilder("| ").append(workload.name()).append(" |");
    List<Pod> pods = Round.pods(workload, PODS);
    for (int nodes : NODE_COUNTS) {
      row.append(
          String.format(
              Locale.ROOT,
              " %,.0f | %,.0f |",
              median(() -> Round.podsPerSecond(nodes, pods)),
              median(() -> ApplicationRound.podsPerSecond(nodes, workload, PODS))));
    }
    return row.append('\n').toString();
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
