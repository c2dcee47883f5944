package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One part that runs alone, as {@code ./shiplog run} starts it. */
final class PartProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long STOP_SECONDS = 40;

  private final Process process;
  private final int management;
  private final Path output;
  private final HttpClient client = HttpClient.newHttpClient();

  private PartProcess(Process process, int management, Path output) {
    this.process = process;
    this.management = management;
    this.output = output;
  }

  /**
   * Starts one.
   *
   * @param settings file of settings, for all parts the same
   * @param output file for what it says
   */
  static PartProcess start(String part, Path settings, Path output) {
    return start(part, settings, output, Map.of());
  }

  /** The same with some settings of its own, as environment variables. */
  static PartProcess start(
      String part, Path settings, Path output, Map<String, String> environment) {
    int management = FreePort.next();
    ProcessBuilder builder =
        new ProcessBuilder(
                Product.checkout().resolve("shiplog").toString(),
                "run",
                part,
                "--config",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("SHIPLOG_MANAGEMENT_PORT", "" + management);
    try {
      return new PartProcess(builder.start(), management, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitReady() {
    Awaitility.await("ready; see " + output)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> ask("readyz").startsWith("ok"));
  }

  void awaitOutput(String part) {
    Awaitility.await(part + " in " + output).atMost(PATIENCE).until(() -> output().contains(part));
  }

  /** Whether it is the one of several that acts. */
  boolean isActing() {
    return ask("readyz").equals("ok: acting");
  }

  /** What it counts, as Prometheus reads it. */
  String metrics() {
    return ask("metrics");
  }

  /** As a power cut would. */
  void kill() {
    end(process.destroyForcibly());
  }

  /** Tells it to stop, and returns at once. */
  void beginStop() {
    process.destroy();
  }

  /** As an operator does. */
  void stop() {
    process.destroy();
    end(process);
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }

  private void end(Process ending) {
    try {
      if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("did not end: " + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What it answers, stripped; nothing where it does not. */
  private String ask(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + management + "/" + path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body()
          .strip();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
