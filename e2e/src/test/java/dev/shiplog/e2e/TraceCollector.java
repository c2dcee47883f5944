package dev.shiplog.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector as far as it takes OTLP over HTTP, and keeps what it is sent. */
final class TraceCollector implements AutoCloseable {

  private final HttpServer server;
  private final List<Step> steps = new CopyOnWriteArrayList<>();

  private TraceCollector(HttpServer server) {
    this.server = server;
  }

  /**
   * A span.
   *
   * @param parent empty if the trace begins with it
   */
  record Step(String trace, String id, String parent, String name) {
    private static Step of(Span span) {
      return new Step(
          HexFormat.of().formatHex(span.getTraceId().toByteArray()),
          HexFormat.of().formatHex(span.getSpanId().toByteArray()),
          HexFormat.of().formatHex(span.getParentSpanId().toByteArray()),
          span.getName());
    }
  }

  static TraceCollector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TraceCollector collector = new TraceCollector(server);
    server.createContext("/v1/traces", collector::take);
    server.start();
    return collector;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Those of one trace. */
  List<Step> of(String trace) {
    return steps.stream().filter(step -> step.trace().equals(trace)).toList();
  }

  /** Names of what the steps of a name follow from. */
  List<String> parents(String trace, String name) {
    List<Step> all = of(trace);
    return all.stream()
        .filter(step -> step.name().equals(name))
        .flatMap(step -> all.stream().filter(parent -> parent.id().equals(step.parent())))
        .map(Step::name)
        .toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
          .getResourceSpansList()
          .forEach(resource ->
              resource
                  .getScopeSpansList()
                  .forEach(
                      scope -> scope.getSpansList().forEach(span -> steps.add(Step.of(span)))));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
