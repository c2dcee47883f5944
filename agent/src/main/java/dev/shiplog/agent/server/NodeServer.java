package dev.shiplog.agent.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.shiplog.agent.server.PodLogs.ContainerLog;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jboss.logging.Logger;

/**
 * The node's HTTPS server. One serves all nodes of a process, since pods differ by namespace and
 * name. Requests run on virtual threads; following a log occupies one and nothing else.
 */
public final class NodeServer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(NodeServer.class);
  private static final int BACKLOG = 128;

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final PodLogs logs;
  private final InstantSource clock;

  private NodeServer(HttpsServer server, PodLogs logs, InstantSource clock) {
    this.server = server;
    this.logs = logs;
    this.clock = clock;
  }

  /**
   * Starts a server.
   *
   * @param address where it listens; port 0 picks a free one
   * @throws IOException if it cannot listen there
   */
  public static NodeServer start(
      InetSocketAddress address, ServerTls tls, PodLogs logs, InstantSource clock)
      throws IOException {
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    NodeServer started = new NodeServer(server, logs, clock);
    try {
      server.setHttpsConfigurator(new ClientsWithCertificates(tls.context()));
    } catch (GeneralSecurityException e) {
      server.stop(0);
      throw new IOException("cannot use " + tls, e);
    }
    server.setExecutor(started.threads);
    server.createContext("/containerLogs/", started::containerLogs);
    server.createContext("/pods", started::pods);
    server.createContext("/healthz", exchange -> answer(exchange, 200, "ok"));
    server.start();
    return started;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** {@code /containerLogs/NAMESPACE/POD/CONTAINER?…}. */
  private void containerLogs(HttpExchange exchange) throws IOException {
    try {
      String[] path = exchange.getRequestURI().getPath().split("/");
      if (path.length != 5) {
        throw NoLogException.notFound("404 page not found");
      }
      LogOptions options = LogOptions.parse(query(exchange.getRequestURI()), clock);
      ContainerLog log = logs.find(path[2], path[3], path[4], options.previous());
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        new LogStream(log, options, out, closing).write();
      }
    } catch (NoLogException e) {
      answer(exchange, e.code(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client went away, as those who follow a log do.
      LOG.debugf("a log was no longer wanted: %s", e.getMessage());
    } finally {
      exchange.close();
    }
  }

  private void pods(HttpExchange exchange) throws IOException {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("kind", "PodList").put("apiVersion", "v1").putObject("metadata");
    ArrayNode items = list.putArray("items");
    logs.pods().forEach(items::add);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    answer(exchange, 200, list.toString());
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String part : uri.getRawQuery().split("&")) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        query.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static final class ClientsWithCertificates extends HttpsConfigurator {

    ClientsWithCertificates(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
      ssl.setNeedClientAuth(true);
      parameters.setSSLParameters(ssl);
    }
  }
}
