package dev.shiplog.bench.scheduling;

import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Measures how fast the whole product binds pods that clients create, on nodes nobody runs, and
 * writes the figures into {@code docs/performance-scheduler.md}. Afterwards the log must show no
 * node with more than it has. Arguments: the checkout's directory, and how many pods (20,000).
 */
public final class SchedulingReport {

  private static final int CLIENTS = 32;

  private SchedulingReport() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int pods = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    StringBuilder text = new StringBuilder();
    text.append(
        ("Measured %s on: %s. %,d pods that ask for 100m CPU and 100Mi, "
                + "created by %d clients, after as many that warmed up the server.%n%n")
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe(), pods, CLIENTS));
    text.append(BindingFigure.HEAD);
    text.append(measure(root, 1_000, pods, "≥ 2,500/s, p50 ≤ 50 ms").row());
    text.append(measure(root, 5_000, pods, "≥ 2,000/s, p50 ≤ 50 ms").row());
    Page.put(root.resolve("docs/performance-scheduler.md"), text.toString());
  }

  private static BindingFigure measure(Path root, int nodes, int pods, String target)
      throws Exception {
    try (Product product = Product.startWithoutNodes(root.resolve("shiplog"))) {
      BindingLoad load = new BindingLoad(product, CLIENTS);
      load.makeNodes("n", nodes);
      // Else half of the processor time is the compilers', who are done with it after that.
      BindingFigure _ = load.bind("warm", pods, "");
      BindingFigure figure = load.bind("measured", pods, target).on(nodes);
      System.out.print(figure.row());
      product.check();
      return figure;
    }
  }
}
