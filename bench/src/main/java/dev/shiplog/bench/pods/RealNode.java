package dev.shiplog.bench.pods;

import dev.shiplog.bench.report.Product;
import dev.shiplog.bench.report.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node with real containers that joined a cluster, in a process of its own. One thread. */
final class RealNode implements AutoCloseable {

  static final String NAME = "bench";

  private static final String OPTIONS =
      "--name " + NAME + " --runtime containerd --pod-subnet 10.244.0.0/24 --detach";
  private static final long BOUND_MINUTES = 3;

  private final Path shiplog;
  private final Path data;

  private RealNode(Path shiplog, Path data) {
    this.shiplog = shiplog;
    this.data = data;
  }

  /** Has it join with the line that the cluster tells, and gives it an image. */
  static RealNode join(Path shiplog, Product cluster, Path image)
      throws IOException, InterruptedException {
    RealNode node = new RealNode(shiplog, Files.createTempDirectory("shiplog-bench-node"));
    String line = cluster.ask("token", "create").lines().toList().getLast();
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.removeFirst();
    words.addAll(List.of(OPTIONS.split(" ", -1)));
    words.addAll(List.of("--kafka", cluster.kafka()));
    node.run(words);
    node.run(List.of("image", "import", image.toString()));
    return node;
  }

  Usage usage() throws IOException {
    return new Usage(Long.parseLong(Files.readString(data.resolve("shiplog.pid")).strip()));
  }

  @Override
  public void close() throws IOException {
    try {
      run(List.of("down"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(List<String> words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(shiplog.toString());
    builder.command().addAll(words);
    builder.command().addAll(List.of("--data-dir", data.toString()));
    Process process = builder.inheritIO().start();
    if (!process.waitFor(BOUND_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("shiplog " + words.getFirst() + " did not work; see " + data);
    }
  }
}
