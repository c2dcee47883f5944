package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.verbs.Verbs;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Lets admission see a connection to a pod, a Service or a node before it is opened. */
final class Connections {

  /** Flags, and what they are without being said. */
  private static final Map<String, Map<String, Boolean>> FLAGS =
      Map.of(
          "exec", Map.of("stdin", false, "stdout", true, "stderr", true, "tty", false),
          "attach", Map.of("stdin", false, "stdout", true, "stderr", true, "tty", false));

  private static final Pattern BEFORE_THE_PATH = Pattern.compile("^/api/v1/.*?/proxy");

  private final Verbs verbs;
  private final Responder responder;

  Connections(Verbs verbs, Responder responder) {
    this.verbs = verbs;
    this.responder = responder;
  }

  /** Opens a connection once it may be; nothing is read from the client before. */
  void admit(Exchange exchange, Target target, Caller caller, Runnable open) {
    ObjectNode options = options(target, exchange.request().params());
    if (target.subresource().equals("proxy")) {
      options.put("path", BEFORE_THE_PATH.matcher(exchange.request().path()).replaceFirst(""));
    }
    CompletableFuture<List<String>> admitted = verbs.connect(target, caller, options);
    if (!admitted.isDone()) {
      exchange.request().pause();
    }
    var _ =
        admitted.whenComplete(
            (warnings, refused) -> exchange.run(() -> settle(exchange, warnings, refused, open)));
  }

  private void settle(Exchange exchange, List<String> warnings, Throwable refused, Runnable open) {
    exchange.request().resume();
    if (refused != null) {
      responder.fail(exchange, refused);
      return;
    }
    try {
      exchange.warn(warnings);
      open.run();
    } catch (RuntimeException failed) {
      responder.fail(exchange, failed);
    }
  }

  /** The object that Kubernetes makes of the query, for example PodExecOptions. */
  static ObjectNode options(Target target, MultiMap query) {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.put("kind", target.type().subresources().get(target.subresource()).kind());
    options.put("apiVersion", "v1");
    Query read = new Query(query);
    FLAGS
        .getOrDefault(target.subresource(), Map.of())
        .forEach(
            (flag, unsaid) -> options.put(flag, query.contains(flag) ? read.flag(flag) : unsaid));
    copy(query, "container", options);
    list(query, "command", options);
    if (target.subresource().equals("portforward")) {
      ArrayNode ports = options.putArray("ports");
      for (String value : query.getAll("ports")) {
        for (String port : value.split(",")) {
          if (port.matches("[0-9]{1,5}")) {
            ports.add(Integer.parseInt(port));
          }
        }
      }
    }
    return options;
  }

  private static void copy(MultiMap query, String name, ObjectNode options) {
    if (query.contains(name)) {
      options.put(name, query.get(name));
    }
  }

  private static void list(MultiMap query, String name, ObjectNode options) {
    if (query.contains(name)) {
      query.getAll(name).forEach(options.putArray(name)::add);
    }
  }
}
