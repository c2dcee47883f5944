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
 * then at scale, and writes the figures into {@code docs/performance.md}. Arguments: the checkout's
 * directory, and how many operations a phase has (20,000, so that what the compilers do no longer
 * counts).
 */
public final class Report {

  private static final int CLIENTS = 32;
  private static final int ALONE = 1000;
  private static final int MANY_OBJECTS = 100_000;

  private Report() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int operations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    String when = Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
    Page page = new Page(when, Machine.describe());
    Path shiplog = root.resolve("shiplog");
    safely(shiplog, operations, page);
    withoutFlushing(shiplog, operations, page);
    page.add(parts());
    page.write(root.resolve("docs/performance.md"));
  }

  /** As users start it; the first rounds warm up. */
  private static void safely(Path shiplog, int operations, Page page)
      throws IOException, InterruptedException, GeneralSecurityException {
    try (Product product = Product.start(shiplog, 1)) {
      Load load = new Load(product, product.client());
      load.begin();
      load.phases(operations, CLIENTS);
      load.phases(operations, CLIENTS);
      List<Result> results = new ArrayList<>(load.phases(operations, CLIENTS));
      results.addAll(load.phases(Math.min(operations, ALONE), 1));
      page.add("With an fsync for each write (as it is)", results, product.residentMb());
      page.add(scale(product, load));
    }
  }

  private static Scale scale(Product product, Load load) throws IOException, InterruptedException {
    Result watched = load.manyWatchers();
    long watching = product.residentMb();
    Result filled = load.fill(MANY_OBJECTS, CLIENTS);
    double restart = product.restart();
    long restarted = product.residentMb();
    Result listed = load.listOfAll();
    return new Scale(watched, watching, filled, restart, restarted, listed, product.residentMb());
  }

  private static void withoutFlushing(Path shiplog, int operations, Page page)
      throws IOException, InterruptedException, GeneralSecurityException {
    try (Product product = Product.start(shiplog, 1)) {
      product.leaveFlushingToTheSystem();
      Load load = new Load(product, product.client());
      load.begin();
      load.phases(operations, CLIENTS);
      load.phases(operations, CLIENTS);
      page.add("Without fsync", load.phases(operations, CLIENTS), product.residentMb());
    }
  }

  private static Collection<RunResult> parts() throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(CommitParts.class.getName())
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(1))
                .build())
        .run();
  }
}
