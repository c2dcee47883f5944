package dev.shiplog.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A node with real containers that is a process of its own, and a control plane for it: what grows
 * in the one is not hidden by what the other remembers of the past.
 */
final class SoakNode implements AutoCloseable {

  private static final Duration BOUND = Duration.ofMinutes(3);

  private final Product control;
  private final Product node;
  private JoinLine line;

  private SoakNode(Path directory) {
    control =
        Product.on(
            directory.resolve("control"),
            "--without",
            "agent",
            "--kafka-listen",
            "127.0.0.1:" + FreePort.next());
    node = Product.on(directory.resolve("data"));
  }

  /** Brings both up; skips the test without root. */
  static SoakNode in(Path directory) {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: containerd needs root");
    Path image = BusyboxImage.archive(directory);
    SoakNode both = new SoakNode(directory);
    try {
      both.control.up();
      both.line =
          JoinLine.from(both.control).as("soak", "10.244.0.0/24").with("--port " + FreePort.next());
      both.line.start(both.node, image);
      return both;
    } catch (RuntimeException | Error e) {
      both.close();
      throw e;
    }
  }

  /** Starts the node, for the first time or again. */
  void start() {
    line.start(node);
  }

  /** Ends it as an operator does. */
  void stop() {
    var _ = node.run(List.of("down"), BOUND).succeeded();
  }

  /** Ends it as a power cut would. */
  void kill() {
    node.kill();
  }

  /** The node's process. */
  long pid() {
    return node.pid();
  }

  /** Where the node keeps its things. */
  Path data() {
    return node.data();
  }

  Product control() {
    return control;
  }

  @Override
  public void close() {
    node.close();
    control.close();
  }
}
