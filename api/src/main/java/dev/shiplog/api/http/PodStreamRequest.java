package dev.shiplog.api.http;

import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.stream.RemoteCommand;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a client wants streamed, and in what it wants to speak.
 *
 * @param subresource exec, attach or portforward
 * @param query its parameters
 * @param clientHeaders its headers
 */
record PodStreamRequest(String subresource, MultiMap query, MultiMap clientHeaders, Speech speech) {

  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  private static final String SPDY = "SPDY/3.1";
  private static final String STREAM_PROTOCOL = "X-Stream-Protocol-Version";
  private static final String PORT_FORWARD_PROTOCOL = "portforward.k8s.io";
  private static final List<String> PASSED_ON = List.of("connection", "upgrade");
  private static final List<String> PREFIXES_PASSED_ON =
      List.of("sec-websocket-", STREAM_PROTOCOL.toLowerCase(Locale.ROOT));

  /** By the API's names, the names of the flags that nodes know. */
  private static final Map<String, String> FLAGS =
      Map.of("stdin", "input", "stdout", "output", "stderr", "error", "tty", "tty");

  /** What the client speaks once it has upgraded. */
  sealed interface Speech {

    /** SPDY/3.1, or WebSocket as container runtimes have known it for long. */
    record AsTheRuntime() implements Speech {}

    /** WebSocket with channels that can be closed one by one. */
    record Channels(RemoteCommand.Ends ends) implements Speech {}

    /** A SPDY/3.1 connection inside of WebSocket messages. */
    record SpdyInWebSocket() implements Speech {}
  }

  /**
   * Reads a request.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest} if it upgrades to nothing that
   *     could stream
   */
  static PodStreamRequest of(HttpServerRequest request, String subresource) {
    String upgrade = text(request.headers(), HttpHeaders.UPGRADE.toString());
    boolean webSocket = upgrade.equalsIgnoreCase("websocket");
    if (!webSocket && !upgrade.equalsIgnoreCase(SPDY)) {
      throw Failures.badRequest(
          "Upgrade request required: %s is a stream, over WebSocket or %s"
              .formatted(subresource, SPDY));
    }
    List<String> offered = webSocket ? offered(request.headers()) : List.of();
    return new PodStreamRequest(
        subresource,
        request.params(),
        request.headers(),
        speech(subresource, offered, request.params()));
  }

  private static Speech speech(String subresource, List<String> offered, MultiMap query) {
    boolean forward = subresource.equals("portforward");
    if (forward && offered.contains(UpgradeProtocols.SPDY_IN_WEB_SOCKET)) {
      return new Speech.SpdyInWebSocket();
    }
    if (!forward && offered.contains(RemoteCommand.CLIENT_PROTOCOL)) {
      return new Speech.Channels(
          new RemoteCommand.Ends(
              flag(query, "stdin"),
              flag(query, "stdout"),
              flag(query, "stderr"),
              flag(query, "tty")));
    }
    return new Speech.AsTheRuntime();
  }

  /** Path and query with which the node is asked. */
  String nodeUri(Target target, PodPlace place, Query options) {
    StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");
    if (subresource.equals("portforward")) {
      ports().forEach(port -> parameters.add("port=" + encoded(port)));
      return "/portForward/%s/%s%s".formatted(target.namespace(), target.name(), parameters);
    }
    query.getAll("command").forEach(word -> parameters.add("command=" + encoded(word)));
    FLAGS.forEach((name, nodeName) -> {
      if (flag(query, name)) {
        parameters.add(nodeName + "=1");
      }
    });
    return "/%s/%s/%s/%s%s"
        .formatted(
            subresource,
            target.namespace(),
            target.name(),
            place.container(options, target),
            parameters);
  }

  /** Each value may hold several, separated by commas. */
  private List<String> ports() {
    return query.getAll("ports").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .filter(port -> !port.isEmpty())
        .toList();
  }

  /** Headers that ask the node for what it is to speak. */
  MultiMap nodeHeaders() {
    return switch (speech) {
      case Speech.AsTheRuntime same -> passedOn(clientHeaders);
      case Speech.Channels channels -> spdy(RemoteCommand.NODE_PROTOCOL);
      case Speech.SpdyInWebSocket wrapped -> spdy(PORT_FORWARD_PROTOCOL);
    };
  }

  private static MultiMap spdy(String protocol) {
    return MultiMap.caseInsensitiveMultiMap()
        .add(HttpHeaders.CONNECTION, "Upgrade")
        .add(HttpHeaders.UPGRADE, SPDY)
        .add(STREAM_PROTOCOL, protocol);
  }

  /** Those headers of an upgrade that its two ends have to agree on. */
  static MultiMap passedOn(MultiMap headers) {
    MultiMap passed = MultiMap.caseInsensitiveMultiMap();
    headers.forEach(header -> {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (PASSED_ON.contains(name) || PREFIXES_PASSED_ON.stream().anyMatch(name::startsWith)) {
        passed.add(header.getKey(), header.getValue());
      }
    });
    return passed;
  }

  private static List<String> offered(MultiMap headers) {
    return headers.getAll(PROTOCOLS).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .toList();
  }

  private static boolean flag(MultiMap query, String name) {
    return new Query(query).flag(name);
  }

  private static String text(MultiMap headers, String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
