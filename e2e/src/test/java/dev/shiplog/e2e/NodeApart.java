package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A node with real containers that joined a cluster whose parts, and whose Kafka, are processes of
 * their own: they may go away and come back. The node has a clock of its own, where Debian's
 * package faketime is installed. It uses the machine's network: who starts one holds {@link
 * ContainerdCluster#MACHINE} as a resource lock.
 */
final class NodeApart implements AutoCloseable {

  static final String NAME = "apart";

  private static final Path SHIFTED_CLOCK =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");

  private final Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Product node;
  private KafkaCluster kafka;
  private Apart apart;
  private Kubectl kubectl;
  private PartProcess api;
  private int starts;

  private NodeApart(Path directory) {
    this.directory = directory;
    node = Product.on(directory.resolve("data"));
  }

  /** Brings all of it up; skips the test without root. */
  static NodeApart in(Path directory) throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: containerd needs root");
    Path image = BusyboxImage.archive(directory);
    NodeApart all = new NodeApart(directory);
    try {
      all.startCluster();
      all.join(image);
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private void startCluster() throws IOException {
    kafka = KafkaCluster.of(1, directory);
    open.add(kafka);
    apart = new Apart(directory, kafka.bootstrap(), "", FreePort.next());
    kubectl = apart.prepare();
    // Found out anew at each start it would become the node's, once that has pods.
    Files.writeString(
        apart.settings(), "shiplog.api.advertise-address=127.0.0.1\n", StandardOpenOption.APPEND);
    startApi();
    for (String part : List.of("controllers", "scheduler")) {
      open.add(PartProcess.start(part, apart.settings(), directory.resolve(part)));
    }
    kubectl.await("get --raw /readyz", "ok");
    kubectl.apply(Apart.TOKEN);
  }

  private void join(Path image) {
    if (hasOwnClock()) {
      setClock(Duration.ZERO);
      node.with("LD_PRELOAD", SHIFTED_CLOCK.toString())
          .with("FAKETIME_TIMESTAMP_FILE", clock().toString())
          .with("FAKETIME_NO_CACHE", "1")
          .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
          .with("FAKETIME_FORCE_MONOTONIC_FIX", "0")
          .with("FAKETIME_DISABLE_SHM", "1");
    }
    JoinLine line =
        JoinLine.of(
                "join 127.0.0.1:"
                    + apart.port()
                    + " --token abcdef.0123456789abcdef --ca-file "
                    + directory.resolve("pki").resolve("ca.crt"))
            .as(NAME, "10.244.0.0/24")
            .with("--port " + FreePort.next());
    open.add(node::down);
    line.start(node, image);
    kubectl.ok("wait --for=condition=Ready node --all --timeout=90s");
  }

  Kubectl kubectl() {
    return kubectl;
  }

  /** The process of the node. */
  long pid() {
    return node.pid();
  }

  /** Where an emptyDir of a pod lies. */
  Path emptyDir(String podUid, String volume) {
    try (Stream<Path> found = Files.walk(node.data(), 5)) {
      Path pod =
          found.filter(path -> path.endsWith(Path.of("pods", podUid))).findFirst().orElseThrow();
      return pod.resolve("volumes").resolve(volume);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As if their machine lost its power. */
  void killApi() {
    api.kill();
  }

  void startApi() {
    if (api != null) {
      open.remove(api);
    }
    api = PartProcess.start("api-server", apart.settings(), directory.resolve("api-" + starts++));
    open.add(api);
  }

  void awaitApi() {
    kubectl.await("get --raw /readyz", "ok");
  }

  void killKafka() {
    kafka.node(0).kill();
  }

  void startKafka() {
    kafka.node(0).start();
    kafka.awaitNodes(1);
  }

  /** Whether {@link #setClock} can be. */
  static boolean hasOwnClock() {
    return Files.exists(SHIFTED_CLOCK);
  }

  /** Sets the node's clock so far ahead of the machine's. */
  void setClock(Duration ahead) {
    try {
      Path next = directory.resolve("clock.next");
      Files.writeString(next, "+" + ahead.toSeconds() + "\n");
      Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path clock() {
    return directory.resolve("clock");
  }

  @Override
  public void close() {
    Optional<Exception> failure = Optional.empty();
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        failure = Optional.of(e);
      }
    }
    failure.ifPresent(e -> {
      throw new AssertionError("something was not stopped", e);
    });
  }
}
