package dev.shiplog.bench.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the whole product with many simulated nodes in its process: until they are there, until
 * their pods run, what each takes of memory, and what they cost while nothing happens. Writes it
 * into {@code docs/performance-node.md}. What does not come about in time is said so, and the rest
 * is measured all the same: it ends within an hour. Arguments: the checkout's directory, how many
 * nodes (1,000), how many pods (30,000); with other numbers the page stays as it is.
 */
public final class NodesReport {

  private static final int NODES = 1000;
  private static final int PODS = 30_000;
  private static final int REPLICAS = 100;
  private static final Duration REST = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String NAMESPACE = "nodes";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String START_MARK = "<!-- nodes: written by ./shiplog bench nodes -->";
  private static final String END_MARK = "<!-- end of the nodes -->";

  private final Product product;
  private final Client client;
  private final int pods;
  private final StringBuilder text = new StringBuilder();

  private NodesReport(Product product, int pods) throws Exception {
    this.product = product;
    this.client = product.client();
    this.pods = pods;
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    int nodes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : NODES;
    int pods = arguments.length > 2 ? Integer.parseInt(arguments[2]) : PODS;
    String head =
        "Measured %s on: %s.%n%n"
            .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe());
    Idle alone = alone(root, pods);
    long before = System.nanoTime();
    try (Product product = Product.start(root.resolve("shiplog"), nodes)) {
      double up = (System.nanoTime() - before) / 1e9;
      String table = head + new NodesReport(product, pods).measure(nodes, up, alone);
      if (nodes == NODES && pods == PODS) {
        Page.put(root.resolve("docs/performance-node.md"), START_MARK, END_MARK, table);
      }
      System.out.print(table);
    }
  }

  /** With one node: what there is without many. */
  private static Idle alone(Path root, int pods) throws Exception {
    try (Product product = Product.start(root.resolve("shiplog"), 1)) {
      return new NodesReport(product, pods).idle();
    }
  }

  private String measure(int nodes, double up, Idle alone) throws Exception {
    text.append("| what | figure |\n|---|---|\n");
    row("`up` with %,d nodes, until they are ready".formatted(nodes), "%.1f s", up);
    Idle idle = idle();
    Memory before = idle.memory();
    row("cores in use while nothing happens, one node", "%.2f", alone.cores());
    row("cores in use while nothing happens, nodes alone", "%.2f", idle.cores());
    row("resident, nodes alone", "%,.0f MB", before.residentMb());
    row("alive on the heap", "%,.0f MB", before.aliveMb());
    double more = before.aliveMb() - alone.memory().aliveMb();
    row("alive, for each node", "%,.1f KB", more * 1024 / Math.max(1, nodes - 1));
    run();
    row("cores in use while nothing happens, with them", "%.2f", idleCores());
    Memory after = memory();
    row("resident, with them", "%,.0f MB", after.residentMb());
    row("alive on the heap", "%,.0f MB", after.aliveMb());
    row("alive, for each pod", "%,.1f KB", (after.aliveMb() - before.aliveMb()) * 1024 / pods);
    row(
        "resident, for each pod",
        "%,.1f KB",
        (after.residentMb() - before.residentMb()) * 1024 / pods);
    delete();
    row("alive on the heap, a minute later", "%,.0f MB", rested().aliveMb());
    return text.toString();
  }

  private Memory rested() throws IOException, InterruptedException {
    LockSupport.parkNanos(REST.toNanos());
    return memory();
  }

  /** All objects in memory, and what the process has of the machine. */
  private record Memory(double residentMb, double aliveMb) {}

  /** What it costs while nothing happens. */
  private record Idle(double cores, Memory memory) {}

  private Idle idle() throws IOException, InterruptedException {
    double cores = idleCores();
    return new Idle(cores, memory());
  }

  private Memory memory() throws IOException, InterruptedException {
    double alive = product.aliveMb();
    return new Memory(product.residentMb(), alive);
  }

  private double idleCores() throws IOException {
    LockSupport.parkNanos(REST.toNanos());
    double before = product.cpuMs();
    LockSupport.parkNanos(REST.toNanos());
    return (product.cpuMs() - before) / REST.toMillis();
  }

  private void run() throws Exception {
    send("POST", "/api/v1/namespaces", Objects.namespace(NAMESPACE), 201);
    double cpu = product.cpuMs();
    long start = System.nanoTime();
    for (int i = 0; i * REPLICAS < pods; i++) {
      send("POST", deployments(), Objects.deployment("web-" + i, REPLICAS), 201);
    }
    took("%,d pods of Deployments, until all are available".formatted(pods), start, this::allRun);
    row("processor time for each pod", "%.2f ms", (product.cpuMs() - cpu) / pods);
  }

  private void delete() throws Exception {
    long start = System.nanoTime();
    send("DELETE", "/api/v1/namespaces/" + NAMESPACE, "", 200);
    took(
        "their namespace deleted",
        start,
        () -> client.ask("GET", "/api/v1/namespaces/" + NAMESPACE, "") == 404);
  }

  private boolean allRun() throws IOException, InterruptedException {
    return available() >= pods;
  }

  private int available() throws IOException, InterruptedException {
    JsonNode list = JSON.readTree(client.send("GET", deployments(), "", 200));
    int available = 0;
    for (JsonNode deployment : list.get("items")) {
      available += deployment.at("/status/availableReplicas").asInt();
    }
    return available;
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /** Waits for it, and writes down how long it has taken since then. */
  private void took(String what, long start, Condition condition)
      throws IOException, InterruptedException {
    boolean holds = condition.holds();
    while (!holds && System.nanoTime() - start < PATIENCE.toNanos()) {
      LockSupport.parkNanos(LOOK.toNanos());
      holds = condition.holds();
    }
    row(what, holds ? "%.1f s" : "not within %.0f s", (System.nanoTime() - start) / 1e9);
  }

  private void send(String method, String path, String body, int code)
      throws IOException, InterruptedException {
    byte[] _ = client.send(method, path, body, code);
  }

  private static String deployments() {
    return "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments";
  }

  private void row(String what, String figure, double value) {
    String line = "| %s | %s |%n".formatted(what, String.format(Locale.ROOT, figure, value));
    System.out.print(line);
    text.append(line);
  }
}
