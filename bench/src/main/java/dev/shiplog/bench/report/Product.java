package dev.shiplog.bench.report;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** A cluster that was started as a user starts one, with simulated pods. One thread. */
public final class Product implements AutoCloseable {

  private final Path shiplog;
  private final Path data;
  private final int port;

  private Product(Path shiplog, Path data, int port) {
    this.shiplog = shiplog;
    this.data = data;
    this.port = port;
  }

  /**
   * Starts one in a new directory and returns once it serves.
   *
   * @param nodes how many simulated nodes it has
   */
  public static Product start(Path shiplog, int nodes) throws IOException, InterruptedException {
    return start(shiplog, "--nodes", Integer.toString(nodes));
  }

  /** Starts one without nodes of its own, and without what would miss those that are made up. */
  public static Product startWithoutNodes(Path shiplog) throws IOException, InterruptedException {
    return start(shiplog, "--without", "agent,controllers=node-lifecycle-controller");
  }

  /** Starts one for nodes that join. */
  public static Product startForOthers(Path shiplog) throws IOException, InterruptedException {
    return start(shiplog, "--without", "agent");
  }

  private static Product start(Path shiplog, String option, String value)
      throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("shiplog-bench");
    Product product = new Product(shiplog, data, freePort());
    double _ = product.up(option, value);
    return product;
  }

  /** Replays what is in the log; fails if a node was ever given more than it has. */
  public void check() throws IOException, InterruptedException {
    shiplog("check");
  }

  /** Stops it and starts it again on the data it has; returns the seconds until it was ready. */
  double restart() throws IOException, InterruptedException {
    shiplog("down");
    return up("--nodes", "1");
  }

  private double up(String option, String value) throws IOException, InterruptedException {
    long start = System.nanoTime();
    shiplog(
        "up",
        "--port",
        Integer.toString(port),
        "--runtime",
        "simulated",
        option,
        value,
        "--detach");
    return (System.nanoTime() - start) / 1e9;
  }

  public Client client() throws IOException, GeneralSecurityException {
    String token = Files.readString(data.resolve("admin.token")).strip();
    return client(token);
  }

  /** Somebody else than the administrator. */
  public Client client(String token) throws GeneralSecurityException {
    return client(port, token);
  }

  /** The same in another process. */
  public static Client client(int port, String token) throws GeneralSecurityException {
    return new Client("https://127.0.0.1:" + port, token);
  }

  public int port() {
    return port;
  }

  /** From here on Kafka leaves it to the system when the journal reaches the disk. */
  void leaveFlushingToTheSystem() throws IOException, InterruptedException {
    ConfigResource journal = new ConfigResource(ConfigResource.Type.TOPIC, "shiplog.journal");
    AlterConfigOp never =
        new AlterConfigOp(
            new ConfigEntry("flush.messages", Long.toString(Long.MAX_VALUE)),
            AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
      admin.incrementalAlterConfigs(Map.of(journal, List.of(never))).all().get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** Where its Kafka is reached. */
  public String kafka() throws IOException {
    return Files.readString(data.resolve("kafka.bootstrap")).strip();
  }

  /** Processor time it has used, in milliseconds. */
  public double cpuMs() throws IOException {
    return usage().cpuSeconds() * 1000;
  }

  /** Memory it has resident, in MB. */
  public long residentMb() throws IOException {
    return usage().residentMb();
  }

  private Usage usage() throws IOException {
    return new Usage(Long.parseLong(pid()));
  }

  /** What is alive on its heap, in MB: all that is not is collected to count it. */
  public long aliveMb() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), pid(), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    if (process.waitFor() != 0 || !lines.getLast().startsWith("Total")) {
      throw new IOException("jcmd said: " + String.join("\n", lines));
    }
    // What the collector fills gaps with counts as objects.
    long fill =
        lines.stream()
            .filter(line -> line.contains("jdk.internal.vm.Filler"))
            .mapToLong(Product::bytes)
            .sum();
    String total = lines.getLast().strip();
    return (Long.parseLong(total.split(" +")[2]) - fill) >> 20;
  }

  private static long bytes(String lineOfHistogram) {
    return Long.parseLong(lineOfHistogram.strip().split(" +")[2]);
  }

  @Override
  public void close() throws IOException {
    try {
      shiplog("down");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private String pid() throws IOException {
    return Files.readString(data.resolve("shiplog.pid")).strip();
  }

  /** What a command answers with that is about this cluster. */
  public String ask(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(shiplog.toString());
    builder.command().addAll(List.of(words));
    builder.command().addAll(List.of("--data-dir", data.toString()));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = process.inputReader().lines().collect(Collectors.joining("\n"));
    end(process, words[0]);
    return answer;
  }

  private void shiplog(String command, String... options) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(shiplog.toString(), command, "--data-dir", data.toString());
    builder.command().addAll(List.of(options));
    end(builder.inheritIO().start(), command);
  }

  private void end(Process process, String command) throws IOException, InterruptedException {
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("shiplog " + command + " did not work; its log is in " + data);
    }
  }
}
