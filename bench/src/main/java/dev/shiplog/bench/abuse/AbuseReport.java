package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how well-behaved clients fare beside one that abuses the server in several ways, and
 * writes the figures into {@code docs/security.md}. Both are service accounts of the same rights,
 * so that the same priority level takes them: what keeps them apart is fairness alone. Arguments:
 * the checkout's directory, and the seconds of a phase (15).
 */
public final class AbuseReport {

  private static final int OBJECTS = 2000;
  private static final Duration SETTLING = Duration.ofSeconds(6);
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private AbuseReport() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Duration phase = Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15);
    StringBuilder text = new StringBuilder();
    text.append(
        "Measured %s on: %s; the clients share the machine.%n%n"
            .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe()));
    text.append(
        "| one client | the others' requests/s | p50 ms | p99 ms | failed | the one: answered | refused (429) | cut off |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    try (Product product = Product.start(root.resolve("shiplog"), 1)) {
      Accounts accounts = new Accounts(product);
      accounts.make(OBJECTS);
      Client good = product.client(accounts.token("good"));
      String bad = accounts.token("bad");
      Others others = new Others(good);
      var _ = others.measure(WARM_UP);
      for (Abuse abuse : abuses(product, bad)) {
        System.out.println(abuse.name());
        text.append(row(others, abuse, phase));
      }
    }
    Page.put(root.resolve("docs/security.md"), text.toString());
  }

  private static List<Abuse> abuses(Product product, String token) throws Exception {
    Client client = product.client(token);
    return List.of(
        Abuse.none(),
        Abuse.asking(
            "lists everything, 500 at a time", 500, () -> client.ask("GET", Accounts.MAPS, "")),
        Abuse.asking(
            "creates objects, 200 at a time",
            200,
            () ->
                client.ask("POST", Accounts.MAPS, Accounts.map("\"generateName\":\"bad-\"", 1024))),
        Abuse.asking(
            "sends 2 MiB that are no object, 100 at a time",
            100,
            () -> client.ask("POST", Accounts.MAPS, "[".repeat(2 << 20))),
        Abuse.dripping("300 bodies, a byte at a time", 300, product.port(), token, true),
        Abuse.dripping("300 heads, a byte at a time", 300, product.port(), token, false));
  }

  private static String row(Others others, Abuse abuse, Duration phase) throws Exception {
    abuse.start();
    // Its connections are made, which costs both sides more than what comes after.
    LockSupport.parkNanos(SETTLING.toNanos());
    Others.Figures figures = others.measure(phase.multipliedBy(abuse.phases()));
    abuse.stop();
    return "| %s | %,.0f | %.1f | %.1f | %d | %s | %s | %s |%n"
        .formatted(
            abuse.name(),
            figures.perSecond(),
            figures.p50Ms(),
            figures.p99Ms(),
            figures.failed(),
            abuse.answered(),
            abuse.refused(),
            abuse.cutOff());
  }
}
