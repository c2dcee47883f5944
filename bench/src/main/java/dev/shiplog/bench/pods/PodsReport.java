package dev.shiplog.bench.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import dev.shiplog.bench.report.Product;
import dev.shiplog.bench.report.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Measures a node with real containers, in a process of its own: how long a pod takes from its
 * creation to Running, how many start in a second, and what the agent costs while nothing happens.
 * Writes it into {@code docs/performance-node.md}. Needs root, and that no other cluster with
 * containers runs on the machine. Argument: the checkout's directory.
 */
public final class PodsReport {

  private static final int ONE_BY_ONE = 21;
  private static final int TOGETHER = 50;
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration REST = Duration.ofSeconds(60);
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String START_MARK = "<!-- pods: written by ./shiplog bench pods -->";
  private static final String END_MARK = "<!-- end of the pods -->";

  private final Client client;
  private final Usage agent;
  private final StringBuilder text = new StringBuilder("| what | figure |\n|---|---|\n");

  private PodsReport(Client client, Usage agent) {
    this.client = client;
    this.agent = agent;
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Path shiplog = root.resolve("shiplog");
    String head =
        "Measured %s on: %s.%n%n"
            .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), Machine.describe());
    Path image = BusyboxArchive.in(Files.createTempDirectory("shiplog-bench-image"));
    try (Product cluster = Product.startForOthers(shiplog);
        RealNode node = RealNode.join(shiplog, cluster, image)) {
      String table = head + new PodsReport(cluster.client(), node.usage()).measure();
      Page.put(root.resolve("docs/performance-node.md"), START_MARK, END_MARK, table);
      System.out.print(table);
    }
  }

  private String measure() throws IOException, InterruptedException {
    await(PODS.replace("/pods", "/serviceaccounts/default"), _ -> true);
    await("/api/v1/nodes/" + RealNode.NAME, PodsReport::isReady);
    start("warm-up");
    end("warm-up");
    idle("without pods");
    oneByOne();
    together();
    idle("with %d pods".formatted(TOGETHER));
    for (int i = 0; i < TOGETHER; i++) {
      end("many-" + i);
    }
    return text.toString();
  }

  private void oneByOne() throws IOException, InterruptedException {
    double[] ms = new double[ONE_BY_ONE];
    for (int i = 0; i < ONE_BY_ONE; i++) {
      long before = System.nanoTime();
      start("one-" + i);
      ms[i] = (System.nanoTime() - before) / 1e6;
      end("one-" + i);
    }
    Arrays.sort(ms);
    row("from a pod's creation to Running, median of " + ONE_BY_ONE, "%.0f ms", ms[ONE_BY_ONE / 2]);
    row("slowest of them", "%.0f ms", ms[ONE_BY_ONE - 1]);
  }

  private void together() throws IOException, InterruptedException {
    double cpu = agent.cpuSeconds();
    long before = System.nanoTime();
    for (int i = 0; i < TOGETHER; i++) {
      create("many-" + i);
    }
    for (int i = 0; i < TOGETHER; i++) {
      await(PODS + "/many-" + i, PodsReport::isRunning);
    }
    double seconds = (System.nanoTime() - before) / 1e9;
    row("pods started per second, %d at once".formatted(TOGETHER), "%.1f", TOGETHER / seconds);
    row(
        "the agent's processor time for each of them",
        "%.0f ms",
        (agent.cpuSeconds() - cpu) * 1000 / TOGETHER);
  }

  private void idle(String when) throws IOException {
    LockSupport.parkNanos(REST.toNanos());
    double before = agent.cpuSeconds();
    LockSupport.parkNanos(REST.toNanos());
    row(
        "cores the agent uses while nothing happens, " + when,
        "%.3f",
        (agent.cpuSeconds() - before) / REST.toSeconds());
    row("its resident memory, " + when, "%.0f MB", (double) agent.residentMb());
  }

  private void start(String pod) throws IOException, InterruptedException {
    create(pod);
    await(PODS + "/" + pod, PodsReport::isRunning);
  }

  /** As {@code kubectl run} makes one, but for how long it may take to end. */
  private void create(String name) throws IOException, InterruptedException {
    String pod =
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","labels":{"run":"%1$s"}},
         "spec":{"terminationGracePeriodSeconds":0,"containers":[
           {"name":"%1$s","image":"%2$s","imagePullPolicy":"IfNotPresent"}]}}
        """
            .formatted(name, BusyboxArchive.NAME);
    byte[] _ = client.send("POST", PODS, pod, 201);
  }

  private void end(String pod) throws IOException, InterruptedException {
    byte[] _ = client.send("DELETE", PODS + "/" + pod, "", 200);
    long began = System.nanoTime();
    while (client.ask("GET", PODS + "/" + pod, "") != 404) {
      rest(began, pod + " does not end");
    }
  }

  private void await(String path, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (client.ask("GET", path, "") != 200
        || !condition.test(JSON.readTree(client.send("GET", path, "", 200)))) {
      rest(began, path + " is not as it should be");
    }
  }

  private static void rest(long began, String problem) throws IOException {
    if (System.nanoTime() - began > PATIENCE.toNanos()) {
      throw new IOException(problem + " after " + PATIENCE.toSeconds() + " s");
    }
    LockSupport.parkNanos(LOOK.toNanos());
  }

  private static boolean isRunning(JsonNode pod) {
    return pod.at("/status/phase").asText().equals("Running")
        && pod.at("/status/containerStatuses/0/ready").asBoolean();
  }

  private static boolean isReady(JsonNode node) {
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private void row(String what, String figure, double value) {
    String line = "| %s | %s |%n".formatted(what, String.format(Locale.ROOT, figure, value));
    System.out.print(line);
    text.append(line);
  }
}
