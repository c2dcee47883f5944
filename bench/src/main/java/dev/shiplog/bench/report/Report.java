package dev.shiplog.bench.report;

import dev.shiplog.bench.parts.CommitParts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the parts of a commit, then the whole product, with an fsync for each write and without,
 * and writes the figures into {@code docs/performance.md}. Arguments: the checkout's directory, and
 * how many operations a phase has (5000).
 */
public final class Report {

  private static final int CLIENTS = 32;
  private static final int WATCHERS = 50;

  private Report() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int operations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5000;
    String when = Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
    Page page = new Page(when, Machine.describe());
    load(root.resolve("shiplog"), operations, true, page);
    load(root.resolve("shiplog"), operations, false, page);
    page.add(parts());
    page.write(root.resolve("docs/performance.md"));
  }

  /** The first round warms up. */
  private static void load(Path shiplog, int operations, boolean flushed, Page page)
      throws IOException, InterruptedException, GeneralSecurityException {
    try (Product product = Product.start(shiplog, 1)) {
      if (!flushed) {
        product.leaveFlushingToTheSystem();
      }
      Load load = new Load(product, product.client(), operations, WATCHERS);
      load.begin();
      load.phases(CLIENTS);
      List<Result> results = new ArrayList<>(load.phases(CLIENTS));
      results.addAll(load.phases(1));
      page.add(
          flushed ? "With an fsync for each write (as it is)" : "Without fsync",
          results,
          product.residentMb());
    }
  }

  private static Collection<RunResult> parts() throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(CommitParts.class.getName())
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(2))
                .build())
        .run();
  }
}
