package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;

/** How the server writes objects of its own: as any client does. Any thread. */
final class SelfWriter {

  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");

  private final Verbs verbs;
  private final ResourceCatalogue catalogue;
  private final InstantSource clock;

  SelfWriter(Verbs verbs, ResourceCatalogue catalogue, InstantSource clock) {
    this.verbs = verbs;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /** Creates it, unless there is one already. */
  CompletableFuture<Void> create(ObjectNode object) {
    return unless(
        verbs.handle(
            new ApiRequest.Create(target(object), caller(), body(object), WriteOptions.DEFAULT)),
        SelfWriter::isThere);
  }

  /** Makes it so; changes nothing where it is so already. */
  CompletableFuture<Void> put(ObjectNode object) {
    return create(object)
        .thenCompose(_ ->
            verbs.handle(
                new ApiRequest.Update(named(object), caller(), body(object), WriteOptions.DEFAULT)))
        .thenAccept(_ -> {});
  }

  /** Deletes what has this name, if there is something. */
  CompletableFuture<Void> delete(ObjectNode object) {
    return unless(
        verbs.handle(new ApiRequest.Delete(named(object), caller(), DeleteOptions.DEFAULT)),
        cause -> cause instanceof ApiFailure gone && gone.reason() == Reason.NOT_FOUND);
  }

  private static CompletableFuture<Void> unless(
      CompletableFuture<?> done, java.util.function.Predicate<Throwable> harmless) {
    return done.handle((_, thrown) -> {
      Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
      if (thrown != null && !harmless.test(cause)) {
        throw new CompletionException(cause);
      }
      return null;
    });
  }

  private static boolean isThere(Throwable cause) {
    return cause instanceof ApiFailure failure
        && (failure.reason() == Reason.ALREADY_EXISTS
            || (failure.reason() == Reason.INVALID
                && failure.getMessage().contains("already allocated")));
  }

  private Target named(ObjectNode object) {
    return target(object).named(object.at("/metadata/name").asText());
  }

  private Target target(ObjectNode object) {
    var type =
        catalogue
            .findByKind(object.get("apiVersion").asText(), object.get("kind").asText())
            .orElseThrow();
    return new Target(type, "", object.at("/metadata/namespace").asText(""), "");
  }

  private static Body body(ObjectNode object) {
    return new Body(Json.bytes(object), Syntax.JSON);
  }

  private Caller caller() {
    return new Caller(
        SELF,
        UUID.randomUUID().toString(),
        "",
        List.of(),
        "apiserver",
        clock.millis(),
        Optional.empty(),
        ForkJoinPool.commonPool());
  }
}
