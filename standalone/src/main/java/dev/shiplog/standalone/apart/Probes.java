package dev.shiplog.standalone.apart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.topics.metrics.ProcessMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells whoever asks how the process is, in the form of Kubernetes' own components: 200 or 500, and
 * a line that says what it is doing. Any thread.
 */
final class Probes implements AutoCloseable {

  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<String> doing;

  private Probes(HttpServer server, Supplier<String> doing) {
    this.server = server;
    this.doing = doing;
  }

  /**
   * Listens.
   *
   * @param doing what the process is doing, in a few words
   * @throws StartFailure if it cannot
   */
  static Probes listen(String host, int port, Supplier<String> doing) {
    try {
      Probes probes =
          new Probes(HttpServer.create(new InetSocketAddress(host, port), BACKLOG), doing);
      probes.server.setExecutor(probes.threads);
      return probes;
    } catch (IOException e) {
      throw new StartFailure(
          "shiplog.management.port "
              + port
              + " on "
              + host
              + " cannot be used: "
              + StartFailure.describe(e));
    }
  }

  /** Answers at a path. */
  Probes at(String path, BooleanSupplier passes) {
    server.createContext(path, exchange -> answer(exchange, passes.getAsBoolean()));
    return this;
  }

  /** Answers at {@code /metrics} with what the process counts. */
  Probes withMetrics() {
    server.createContext("/metrics", Probes::metrics);
    return this;
  }

  private static void metrics(HttpExchange exchange) throws IOException {
    try (exchange) {
      ByteArrayOutputStream page = new ByteArrayOutputStream();
      String accept = exchange.getRequestHeaders().getFirst("Accept");
      String mediaType = ProcessMetrics.here().write(accept, page);
      exchange.getResponseHeaders().set("Content-Type", mediaType);
      exchange.sendResponseHeaders(200, page.size());
      page.writeTo(exchange.getResponseBody());
    }
  }

  Probes start() {
    server.start();
    return this;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, boolean passed) throws IOException {
    try (exchange) {
      byte[] text =
          ((passed ? "ok: " : "failed: ") + doing.get() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(passed ? 200 : 500, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
