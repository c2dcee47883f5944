package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how well-behaved clients fare beside one that abuses the server in several ways, and
 * writes the figures into {@code docs/security.md}. Both are service accounts of the same rights,
 * so that the same priority level takes them: what keeps them apart is fairness alone. The abuser
 * is a process that gets what processor time is left. Arguments: the checkout's directory, and the
 * seconds of a phase (15).
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
      String bad = accounts.token("bad");
      Others others = new Others(product.client(accounts.token("good")));
      var _ = others.measure(WARM_UP);
      for (Abuse.Kind kind : Abuse.Kind.values()) {
        System.out.println(kind.title());
        text.append(row(others, kind, product.port(), bad, phase));
      }
    }
    Page.put(root.resolve("docs/security.md"), text.toString());
  }

  private static String row(Others others, Abuse.Kind kind, int port, String token, Duration phase)
      throws Exception {
    Others.Figures figures;
    Abuser abuser = Abuser.start(kind, port, token);
    try (abuser) {
      // Its connections are made, which costs both sides more than what comes after.
      LockSupport.parkNanos(SETTLING.toNanos());
      figures = others.measure(phase.multipliedBy(kind.phases()));
    }
    String[] counts = abuser.counts();
    return "| %s | %,.0f | %.1f | %.1f | %d | %s | %s | %s |%n"
        .formatted(
            kind.title(),
            figures.perSecond(),
            figures.p50Ms(),
            figures.p99Ms(),
            figures.failed(),
            counts[0],
            counts[1],
            counts[2]);
  }
}
