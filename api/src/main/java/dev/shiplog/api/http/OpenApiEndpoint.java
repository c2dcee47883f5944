package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.discovery.ServerVersion;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.openapi.OpenApi;
import dev.shiplog.api.schema.openapi.OpenApiDocument;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * {@code /openapi/v2} and {@code /openapi/v3}. Making a document takes long enough to be done away
 * from the event loop; it is made once per catalogue.
 */
final class OpenApiEndpoint {

  private static final List<String> SWAGGER = List.of("openapi", "v2");

  /** The second is what the message was called before; clients still ask for it. */
  private static final List<String> MESSAGE_TYPES =
      List.of(
          OpenApiDocument.SWAGGER_MESSAGE,
          "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

  /** A document that is asked for by its hash is never another. */
  private static final String FOREVER = "public, immutable, max-age=31536000";

  /** Steps of the path of a group's document: {@code openapi/v3/api/v1}. */
  private static final int SHORTEST_VERSIONED = 4;

  private final Supplier<ResourceCatalogue> catalogue;
  private final ExtensionApis extensions;
  private final Executor workers;
  private final Responder responder;
  private volatile Published published;

  OpenApiEndpoint(
      Supplier<ResourceCatalogue> catalogue,
      ExtensionApis extensions,
      Executor workers,
      Responder responder) {
    this.catalogue = catalogue;
    this.extensions = extensions;
    this.workers = workers;
    this.responder = responder;
  }

  private record Published(ResourceCatalogue of, OpenApi documents) {}

  void handle(Exchange exchange, List<String> path) {
    OpenApi documents = documents();
    boolean message =
        path.equals(SWAGGER)
            && Negotiation.prefers(exchange.request().getHeader("Accept"), MESSAGE_TYPES);
    if (message) {
      exchange.answerAs(OpenApiDocument.SWAGGER_MESSAGE);
    }
    var _ =
        CompletableFuture.supplyAsync(
                () -> message ? Optional.of(documents.v2Message()) : document(documents, path),
                workers)
            .whenComplete((document, thrown) ->
                exchange.run(() -> respond(exchange, path, document, thrown)));
  }

  private void respond(
      Exchange exchange, List<String> path, Optional<OpenApiDocument> document, Throwable thrown) {
    if (thrown != null) {
      responder.fail(exchange, thrown);
    } else if (document.isEmpty()) {
      responder.fail(exchange, ResourceEndpoint.unknown());
    } else {
      OpenApiDocument found = document.get();
      String asked = path.size() < SHORTEST_VERSIONED ? "" : exchange.query().text("hash");
      if (!asked.isEmpty() && !asked.equals(found.hash())) {
        String now = "/" + String.join("/", path) + "?hash=" + found.hash();
        exchange.response().setStatusCode(301).putHeader("Location", now).end();
        return;
      }
      if (!asked.isEmpty()) {
        exchange.response().putHeader("Cache-Control", FOREVER);
      }
      responder.sendDocument(
          exchange, new TaggedDocument(found.bytes(), "\"" + found.hash() + "\""));
    }
  }

  /** The index, with the documents of other servers; their addresses lead through this one. */
  private OpenApiDocument index(OpenApi documents) {
    OpenApiDocument own = documents.v3Index();
    Map<String, String> others = new TreeMap<>();
    extensions
        .documents()
        .forEach((version, said) -> others.put("apis/" + version.apiVersion(), said.openApi()));
    others.values().removeIf(String::isEmpty);
    if (others.isEmpty()) {
      return own;
    }
    ObjectNode index = Json.read(own.bytes(), ObjectNode.class);
    others.forEach((path, url) ->
        index
            .withObject("/paths")
            .withObject("/" + path.replace("/", "~1"))
            .put("serverRelativeURL", url));
    return OpenApiDocument.of(index);
  }

  private Optional<OpenApiDocument> document(OpenApi documents, List<String> path) {
    return switch (String.join("/", path.subList(1, Math.min(path.size(), 3)))) {
      case "v2" -> Optional.of(documents.v2());
      case "v3" -> Optional.of(index(documents));
      case "v3/api" ->
          path.size() == 4 ? documents.v3(new GroupVersion("", path.get(3))) : Optional.empty();
      case "v3/apis" ->
          path.size() == 5
              ? documents.v3(new GroupVersion(path.get(3), path.get(4)))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private OpenApi documents() {
    ResourceCatalogue now = catalogue.get();
    Published current = published;
    if (current == null || !current.of().equals(now)) {
      current = new Published(now, new OpenApi(now, ServerVersion.KUBERNETES));
      published = current;
    }
    return current.documents();
  }
}
