package dev.shiplog.agent.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.StreamRequest.Ends;
import dev.shiplog.agent.server.PodLogs.ContainerLog;
import dev.shiplog.agent.usage.UsageDocuments;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * The node's HTTPS server. One serves all nodes of a process, since pods differ by namespace and
 * name. What takes time runs on virtual threads: following a log occupies one and nothing else.
 * Streams into pods are tunnels between the client and the runtime.
 */
public final class NodeServer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(NodeServer.class);

  /** Commands to execute are part of the URI. */
  private static final int LONGEST_URI = 64 << 10;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final UpgradeTunnel tunnel = new UpgradeTunnel(vertx);
  private final HttpServer server;
  private final NodeDoor door;
  private final ServedPods pods;
  private final NodeUsages usages;
  private final InstantSource clock;

  private NodeServer(
      HttpServerOptions options,
      NodeDoor door,
      ServedPods pods,
      NodeUsages usages,
      InstantSource clock) {
    this.door = door;
    this.usages = usages;
    this.server = vertx.createHttpServer(options).requestHandler(this::handle);
    this.pods = pods;
    this.clock = clock;
  }

  /**
   * Starts a server.
   *
   * @param address where it listens; port 0 picks a free one
   * @param door who may ask what, besides the API server
   * @throws IOException if it cannot listen there
   */
  public static NodeServer start(
      InetSocketAddress address,
      ServerTls tls,
      NodeDoor door,
      ServedPods pods,
      NodeUsages usages,
      InstantSource clock)
      throws IOException {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(address.getHostString())
            .setPort(address.getPort())
            .setMaxInitialLineLength(LONGEST_URI);
    NodeServer started = new NodeServer(tls.apply(options), door, pods, usages, clock);
    try {
      var _ = started.server.listen().toCompletionStage().toCompletableFuture().get();
      return started;
    } catch (ExecutionException e) {
      started.close();
      throw new IOException(
          "cannot listen on %s with %s: %s".formatted(address, tls, e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      started.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Shows other files from now on; connections that are open stay as they are. */
  public void show(ServerTls tls) {
    // The certificate may lie in the same file as before, so it is read in any case.
    var _ =
        server
            .updateSSLOptions(tls.options(), true)
            .onFailure(e -> LOG.errorf(e, "%s cannot be used; what was shown stays", tls));
  }

  @Override
  public void close() {
    closing.countDown();
    threads.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /**
   * A request on its way.
   *
   * @param context the event loop that it came on
   * @param path its segments; the first is empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Incoming(HttpServerRequest request, Context context, String[] path) {

    String name() {
      return path[1] + "/" + path.length;
    }
  }

  private void handle(HttpServerRequest request) {
    Incoming incoming =
        new Incoming(request, Vertx.currentContext(), request.path().split("/", -1));
    if (ClientGroups.mayAskAnything(request) && isHealthCheck(request)) {
      answer(request, 200, "ok");
    } else {
      threads.execute(() -> serve(incoming));
    }
  }

  private static boolean isHealthCheck(HttpServerRequest request) {
    return request.path().equals("/healthz") && request.method().equals(HttpMethod.GET);
  }

  /** On a thread that may block. */
  private void serve(Incoming incoming) {
    HttpServerRequest request = incoming.request();
    try {
      if (!ClientGroups.mayAskAnything(request)) {
        door.require(request);
      }
      if (!request.method().equals(HttpMethod.GET)) {
        throw RefusedException.methodNotAllowed();
      }
      switch (incoming.path().length < 2 ? "" : incoming.name()) {
        case "healthz/2" -> answer(request, 200, "ok");
        case "pods/2" -> listPods(request);
        case "stats/3", "metrics/3" -> usage(request);
        case "metrics/2" -> metrics(request);
        case "containerLogs/5" -> containerLogs(request, incoming.path());
        case "exec/5", "attach/5", "portForward/4" -> join(incoming, stream(incoming));
        default -> throw RefusedException.notFound("404 page not found");
      }
    } catch (RefusedException e) {
      answer(request, e.code(), e.getMessage());
    } catch (PodRuntimeException e) {
      answer(request, 500, e.getMessage());
    } catch (RuntimeException e) {
      LOG.errorf(e, "request %s failed", request.path());
      answer(request, 500, "the node's log says why");
    }
  }

  /** {@code /containerLogs/NAMESPACE/POD/CONTAINER?…}. */
  private void containerLogs(HttpServerRequest request, String[] path) {
    LogOptions options = LogOptions.parse(query(request.params()), clock);
    ContainerLog log = pods.find(path[2], path[3], path[4], options.previous());
    request.response().setChunked(true).putHeader("Content-Type", "text/plain");
    request.response().writeHead();
    try (OutputStream out = new BufferedOutputStream(new ResponseStream(request.response()))) {
      new LogStream(log, options, out, closing).write();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client went away, as those who follow a log do.
      LOG.debugf("a log was no longer wanted: %s", e.getMessage());
      request.response().reset();
    }
  }

  /**
   * {@code /exec/NAMESPACE/POD/CONTAINER?command=…&input=1&output=1&error=1&tty=1}, the same
   * without a command for {@code attach}, or {@code /portForward/NAMESPACE/POD?port=…}.
   */
  private URI stream(Incoming incoming) {
    String[] path = incoming.path();
    MultiMap query = incoming.request().params();
    return switch (path[1]) {
      case "exec" -> pods.exec(path[2], path[3], path[4], command(query), ends(query));
      case "attach" -> pods.attach(path[2], path[3], path[4], ends(query));
      default -> pods.portForward(path[2], path[3], ports(query));
    };
  }

  /** On the event loop that the request came on, so that both sides of the tunnel share it. */
  private void join(Incoming incoming, URI stream) {
    incoming.context().runOnContext(none -> join(incoming.request(), stream));
  }

  private void join(HttpServerRequest request, URI stream) {
    tunnel
        .open(request, stream)
        .onFailure(
            e -> answer(request, 500, "the container runtime does not answer: " + e.getMessage()));
  }

  private void listPods(HttpServerRequest request) {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("kind", "PodList").put("apiVersion", "v1").putObject("metadata");
    ArrayNode items = list.putArray("items");
    pods.pods().forEach(items::add);
    request.response().putHeader("Content-Type", "application/json");
    answer(request, 200, list.toString());
  }

  /** {@code /metrics}: what this process counts of all its nodes, and whatever else is in it. */
  private static void metrics(HttpServerRequest request) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      String mediaType = ProcessMetrics.here().write(request.getHeader("Accept"), page);
      request.response().putHeader("Content-Type", mediaType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answer(request, 200, page.toString(StandardCharsets.UTF_8));
  }

  /** {@code /stats/summary} and {@code /metrics/resource}, of one node of the process. */
  private void usage(HttpServerRequest request) {
    String node = request.params().contains("node") ? request.params().get("node") : "";
    switch (request.path()) {
      case "/stats/summary" -> {
        request.response().putHeader("Content-Type", "application/json");
        answer(request, 200, UsageDocuments.summary(usages.usage(node)).toString());
      }
      case "/metrics/resource" -> {
        request.response().putHeader("Content-Type", "text/plain; version=0.0.4");
        answer(request, 200, UsageDocuments.metrics(usages.usage(node)));
      }
      default -> throw RefusedException.notFound("404 page not found");
    }
  }

  private static void answer(HttpServerRequest request, int code, String text) {
    if (!request.response().headWritten() && !request.response().closed()) {
      request.response().setStatusCode(code).end(text);
    }
  }

  private static List<String> command(MultiMap query) {
    List<String> command = query.getAll("command");
    if (command.isEmpty()) {
      throw RefusedException.badRequest("you must specify at least 1 command");
    }
    return command;
  }

  private static Ends ends(MultiMap query) {
    Ends ends =
        new Ends(
            flag(query, "input"), flag(query, "output"), flag(query, "error"), flag(query, "tty"));
    if (!ends.any()) {
      throw RefusedException.badRequest("you must specify at least 1 of stdin, stdout, stderr");
    }
    return ends;
  }

  private static List<Integer> ports(MultiMap query) {
    try {
      return query.getAll("port").stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw RefusedException.badRequest("port must be a number: " + e.getMessage());
    }
  }

  private static boolean flag(MultiMap query, String name) {
    return "1".equals(query.get(name)) || "true".equals(query.get(name));
  }

  private static Map<String, String> query(MultiMap parameters) {
    Map<String, String> query = new LinkedHashMap<>();
    parameters.forEach(parameter -> query.put(parameter.getKey(), parameter.getValue()));
    return query;
  }
}
