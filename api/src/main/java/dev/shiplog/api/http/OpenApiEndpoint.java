package dev.shiplog.api.http;

import dev.shiplog.api.discovery.ServerVersion;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.openapi.OpenApi;
import dev.shiplog.api.schema.openapi.OpenApiDocument;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * {@code /openapi/v2} and {@code /openapi/v3}. Making a document takes long enough to be done away
 * from the event loop; it is made once per catalogue.
 */
final class OpenApiEndpoint {

  private final Supplier<ResourceCatalogue> catalogue;
  private final Executor workers;
  private final Responder responder;
  private volatile Published published;

  OpenApiEndpoint(Supplier<ResourceCatalogue> catalogue, Executor workers, Responder responder) {
    this.catalogue = catalogue;
    this.workers = workers;
    this.responder = responder;
  }

  private record Published(ResourceCatalogue of, OpenApi documents) {}

  void handle(Exchange exchange, List<String> path) {
    OpenApi documents = documents();
    var _ =
        CompletableFuture.supplyAsync(() -> document(documents, path), workers)
            .whenComplete(
                (document, thrown) -> exchange.run(() -> respond(exchange, document, thrown)));
  }

  private void respond(Exchange exchange, Optional<OpenApiDocument> document, Throwable thrown) {
    if (thrown != null) {
      responder.fail(exchange, thrown);
    } else if (document.isEmpty()) {
      responder.fail(exchange, ResourceEndpoint.unknown());
    } else {
      OpenApiDocument found = document.get();
      responder.sendDocument(
          exchange, new TaggedDocument(found.bytes(), "\"" + found.hash() + "\""));
    }
  }

  private static Optional<OpenApiDocument> document(OpenApi documents, List<String> path) {
    return switch (String.join("/", path.subList(1, Math.min(path.size(), 3)))) {
      case "v2" -> Optional.of(documents.v2());
      case "v3" -> Optional.of(documents.v3Index());
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
