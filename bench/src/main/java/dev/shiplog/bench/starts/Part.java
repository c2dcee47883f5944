package dev.shiplog.bench.starts;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Usage;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One part in a process of its own, as {@code ./shiplog run} starts it. One thread. */
final class Part implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final long STOP_SECONDS = 60;

  private final String name;
  private final Process process;
  private final URI ready;
  private final HttpClient client;

  private Part(String name, Process process, URI ready, HttpClient client) {
    this.name = name;
    this.process = process;
    this.ready = ready;
    this.client = client;
  }

  /** What a start took: on the clock, and of the processors. */
  record Start(double seconds, double cpuSeconds) {}

  /** Begins to start one. The API server answers where it serves, others at a port of theirs. */
  static Part begin(Surroundings around, String name, boolean cache)
      throws IOException, GeneralSecurityException {
    int port = freePort();
    Path settings = around.settings();
    ProcessBuilder builder =
        new ProcessBuilder(
                around.root().resolve("shiplog").toString(),
                "run",
                name,
                "--config",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(settings.resolveSibling(name + ".log").toFile());
    builder.environment().put("SHIPLOG_MANAGEMENT_PORT", Integer.toString(port));
    builder.environment().put("SHIPLOG_JAVA_OPTS", cache ? "" : "-XX:AOTMode=off");
    String server =
        name.equals(Surroundings.API_SERVER) ? around.server() : "http://127.0.0.1:" + port;
    HttpClient client = HttpClient.newBuilder().sslContext(Client.trustingAll()).build();
    return new Part(name, builder.start(), URI.create(server + "/readyz"), client);
  }

  /** Waits until it says that it is ready; to be called at once. */
  Start awaitReady() throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IOException(name + " did not become ready");
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return new Start((System.nanoTime() - began) / 1e9, usage().cpuSeconds());
  }

  Usage usage() {
    return new Usage(process.pid());
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
      return client.send(request, BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
