package dev.shiplog.bench.scheduling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * How deciding slows down as a cluster grows: pods per second of one core's time by the number of
 * nodes, and at 1,000 nodes by the number of pods that run already.
 */
final class GrowthBench {

  private static final int PODS = 2_000;
  private static final int ROUNDS = 3;
  private static final int NODES = 1_000;
  private static final List<Integer> NODE_COUNTS = List.of(250, 500, 1_000, 2_000, 3_500, 5_000);
  private static final List<Integer> POD_COUNTS = List.of(0, 5_000, 10_000, 20_000, 40_000);

  private GrowthBench() {}

  /** Measures it and draws an SVG. */
  static void draw(Path file) throws IOException {
    Map<String, List<Double>> byNodes = new LinkedHashMap<>();
    Map<String, List<Double>> byPods = new LinkedHashMap<>();
    for (Workload workload : Workload.drawn()) {
      byNodes.put(
          workload.name(),
          measure(NODE_COUNTS, nodes -> Round.podsPerSecond(nodes, workload, 0, PODS)));
      byPods.put(
          workload.name(),
          measure(POD_COUNTS, pods -> Round.podsPerSecond(NODES, workload, pods, PODS)));
      print(workload.name() + ", by nodes", NODE_COUNTS, byNodes.get(workload.name()));
      print(workload.name() + ", by pods", POD_COUNTS, byPods.get(workload.name()));
    }
    Chart chart = new Chart();
    chart.add("pods/s of one core, by nodes", NODE_COUNTS, byNodes);
    chart.add("pods/s of one core at 1,000 nodes, by pods that run", POD_COUNTS, byPods);
    Files.writeString(file, chart.svg());
  }

  private static List<Double> measure(List<Integer> sizes, IntToDoubleFunction round) {
    List<Double> rates = new ArrayList<>();
    for (int size : sizes) {
      double best = 0;
      for (int i = 0; i < ROUNDS; i++) {
        best = Math.max(best, round.applyAsDouble(size));
      }
      rates.add(best);
    }
    return rates;
  }

  private static void print(String name, List<Integer> sizes, List<Double> rates) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-45s", name));
    for (int i = 0; i < sizes.size(); i++) {
      line.append(String.format(Locale.ROOT, " %,d: %,.0f", sizes.get(i), rates.get(i)));
    }
    System.out.println(line);
  }
}
