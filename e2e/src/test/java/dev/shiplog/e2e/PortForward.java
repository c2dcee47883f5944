package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A free port of this machine that leads to one of a pod, by {@code kubectl port-forward}. */
final class PortForward implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final int port;

  private PortForward(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Waits until it takes connections. */
  static PortForward to(Kubectl kubectl, String namespace, String pod, int podPort, Path said) {
    int port = FreePort.next();
    List<String> command =
        List.of(
            kubectl.program().toString(),
            "--kubeconfig=" + kubectl.kubeconfig(),
            "--namespace=" + namespace,
            "port-forward",
            pod,
            port + ":" + podPort);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      PortForward forward = new PortForward(process, port);
      Awaitility.await("port-forward to " + pod + "; see " + said)
          .atMost(PATIENCE)
          .until(() -> Files.readString(said).contains("Forwarding from"));
      return forward;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
