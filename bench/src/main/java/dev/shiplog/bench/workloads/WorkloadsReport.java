package dev.shiplog.bench.workloads;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures what a user waits for: workloads brought up, rolled over and deleted by the whole
 * product on simulated nodes, and writes the figures into {@code docs/performance-controllers.md}.
 * Arguments: the checkout's directory, and in how many rounds (2); the last one counts, those
 * before it warm up.
 */
public final class WorkloadsReport {

  private static final int NODES = 60;

  private WorkloadsReport() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured %s on: %s; %d simulated nodes.%n%n"
            .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe(), NODES));
    try (Product product = Product.start(root.resolve("shiplog"), NODES)) {
      Client client = product.client();
      List<Figure> figures = List.of();
      for (int round = 1; round <= rounds; round++) {
        System.out.printf("Round %d of %d%n", round, rounds);
        figures = round(new Work(product, client), "r" + round);
      }
      text.append(Figure.HEAD);
      text.append(figures.stream().map(Figure::row).collect(Collectors.joining()));
      text.append('\n').append(new ReactionTime(client, product.kafka()).measure("reaction", 100));
      text.append("\nResident memory at the end: %d MB.%n".formatted(product.residentMb()));
    }
    Page.put(root.resolve("docs/performance-controllers.md"), text.toString());
  }

  private static List<Figure> round(Work work, String name) throws Exception {
    List<Figure> figures = new ArrayList<>();
    figures.add(work.scaleUp(name + "-one", 1000, "3 s"));
    figures.add(work.rollOver(name + "-one", 1000));
    work.remove(name + "-one");
    figures.add(work.manyDeployments(name + "-many", 200, 10));
    work.remove(name + "-many");
    figures.add(work.manyJobs(name + "-jobs", 100, 50));
    work.remove(name + "-jobs");
    figures.add(work.deleteNamespace(name + "-gone", 5000, "5 s"));
    return figures;
  }
}
