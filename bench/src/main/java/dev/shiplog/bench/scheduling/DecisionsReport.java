package dev.shiplog.bench.scheduling;

import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures how fast the scheduler decides, with nothing around it, draws how that changes as a
 * cluster grows, and writes both into {@code docs/performance-scheduler.md} and {@code .svg}.
 * Argument: the checkout's directory.
 */
public final class DecisionsReport {

  private static final String START = "<!-- decisions: written by ./shiplog bench decisions -->";
  private static final String END = "<!-- end of the decisions -->";

  /** Kept, or it is made anew without the level. */
  private static final Logger QUIET = Logger.getLogger("dev.shiplog");

  private DecisionsReport() {}

  public static void main(String[] arguments) throws IOException, RunnerException {
    QUIET.setLevel(Level.SEVERE);
    Path docs = Path.of(arguments[0]).resolve("docs");
    StringBuilder text = new StringBuilder();
    text.append("Measured ").append(Instant.now().truncatedTo(ChronoUnit.MINUTES));
    text.append(" on: ").append(Machine.describe()).append(".\n\n");
    text.append(SchedulingBench.table());
    text.append("\nThe same by the clock on the wall (JMH, `DecisionBench`, best of five):\n\n");
    text.append(byTheClock());
    Page.put(docs.resolve("performance-scheduler.md"), START, END, text.toString());
    GrowthBench.draw(docs.resolve("performance-scheduler.svg"));
  }

  private static String byTheClock() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(DecisionBench.class.getName())
                    .forks(1)
                    .warmupIterations(8)
                    .measurementIterations(5)
                    .build())
            .run();
    StringBuilder table =
        new StringBuilder("| pods | 1,000 nodes | 5,000 nodes |\n|---|---|---|\n");
    List<Workload> workloads = Workload.drawn();
    for (int i = 0; i < workloads.size(); i++) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f/s | %,.0f/s |%n",
              workloads.get(i).name(),
              perSecond(results, i, 1_000),
              perSecond(results, i, 5_000)));
    }
    return table.toString();
  }

  /** Others on the machine only ever make a run slower. */
  private static double perSecond(Collection<RunResult> results, int workload, int nodes) {
    double micros =
        results.stream()
            .filter(result -> param(result, "workload") == workload)
            .filter(result -> param(result, "nodes") == nodes)
            .mapToDouble(result -> result.getPrimaryResult().getStatistics().getMin())
            .findFirst()
            .orElseThrow();
    return DecisionBench.PODS / micros * 1e6;
  }

  private static int param(RunResult result, String name) {
    return Integer.parseInt(result.getParams().getParam(name));
  }
}
