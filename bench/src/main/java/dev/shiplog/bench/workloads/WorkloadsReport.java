package dev.shiplog.bench.workloads;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures what a user waits for: workloads brought up, rolled over and deleted by the whole
 * product on simulated nodes, and writes the figures into {@code docs/performance-controllers.md}.
 * Arguments: the checkout's directory, in how many rounds (3); the last one counts, those before it
 * warm up. Where pieces of work are named after that, only those are measured, and the page stays
 * as it is.
 */
public final class WorkloadsReport {

  private static final int NODES = 60;
  private static final int REPLICAS = 1000;

  private WorkloadsReport() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    List<String> names =
        Arrays.asList(arguments).subList(Math.min(2, arguments.length), arguments.length);
    String text = measure(root, rounds, Piece.named(names));
    if (names.isEmpty()) {
      Page.put(root.resolve("docs/performance-controllers.md"), text);
    } else {
      System.out.print(text);
    }
  }

  private static String measure(Path root, int rounds, Set<Piece> pieces) throws Exception {
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured %s on: %s; %d simulated nodes.%n%n"
            .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe(), NODES));
    try (Product product = Product.start(root.resolve("shiplog"), NODES)) {
      Client client = product.client();
      List<Figure> figures = List.of();
      for (int round = 1; round <= rounds; round++) {
        System.out.printf("Round %d of %d%n", round, rounds);
        figures = round(new Work(product, client), "r" + round, pieces);
      }
      text.append(Figure.HEAD);
      text.append(figures.stream().map(Figure::row).collect(Collectors.joining()));
      if (pieces.contains(Piece.REACTION)) {
        text.append('\n')
            .append(new ReactionTime(client, product.kafka()).measure("reaction", 100));
      }
      text.append("\nResident memory at the end: %d MB.%n".formatted(product.residentMb()));
    }
    return text.toString();
  }

  private static List<Figure> round(Work work, String name, Set<Piece> pieces) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (Piece piece : pieces) {
      String namespace = name + "-" + piece.text();
      switch (piece) {
        case SCALE_UP -> figures.add(work.scaleUp(namespace, REPLICAS, "3 s"));
        case ROLL_OVER -> {
          work.deployment(namespace, REPLICAS);
          figures.add(work.rollOver(namespace, REPLICAS));
        }
        case DEPLOYMENTS -> figures.add(work.manyDeployments(namespace, 200, 10));
        case JOBS -> figures.add(work.manyJobs(namespace, 100, 50));
        case DELETION -> figures.add(work.deleteNamespace(namespace, 5000, "5 s"));
        case REACTION -> {} // has no rounds
      }
      if (piece != Piece.DELETION && piece != Piece.REACTION) {
        work.remove(namespace);
      }
    }
    return figures;
  }
}
