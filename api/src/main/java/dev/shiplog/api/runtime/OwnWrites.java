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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;

/** What the server writes by itself, as any other client would. Any thread. */
final class OwnWrites {

  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");

  /** Another server that starts may do the same. */
  private static final Set<Reason> DONE_BY_ANOTHER =
      Set.of(Reason.ALREADY_EXISTS, Reason.CONFLICT, Reason.NOT_FOUND);

  private static final WriteOptions APPLYING =
      new WriteOptions(false, WriteOptions.DEFAULT.fieldValidation(), "apiserver");

  private final Verbs verbs;
  private final ResourceCatalogue catalogue;
  private final InstantSource clock;

  OwnWrites(Verbs verbs, ResourceCatalogue catalogue, InstantSource clock) {
    this.verbs = verbs;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /** Creates an object, unless it is there. */
  CompletableFuture<Void> create(ObjectNode object) {
    return orDone(
        new ApiRequest.Create(target(object), caller(), body(object), WriteOptions.DEFAULT));
  }

  /** Makes an object what is given; changes nothing where it is so already. */
  CompletableFuture<Void> update(ObjectNode object) {
    return verbs.handle(updating(object)).thenAccept(answer -> {});
  }

  /** Makes it so, whether it is there or not; changes nothing where it is so already. */
  CompletableFuture<Void> put(ObjectNode object) {
    return create(object).thenCompose(made -> update(object));
  }

  /** Makes it say this; what others have added to it stays. */
  CompletableFuture<Void> apply(ObjectNode object) {
    return verbs
        .handle(new ApiRequest.Apply(named(object), caller(), body(object), APPLYING, true))
        .thenAccept(answer -> {});
  }

  /** Makes it so, unless somebody else is about to. */
  CompletableFuture<Void> tryUpdate(ObjectNode object) {
    return orDone(updating(object));
  }

  CompletableFuture<Void> delete(ObjectNode object) {
    return orDone(new ApiRequest.Delete(named(object), caller(), DeleteOptions.DEFAULT));
  }

  /** What the object is, with its name. */
  Target named(ObjectNode object) {
    return target(object).named(object.at("/metadata/name").asText());
  }

  private ApiRequest updating(ObjectNode object) {
    return new ApiRequest.Update(named(object), caller(), body(object), WriteOptions.DEFAULT);
  }

  private CompletableFuture<Void> orDone(ApiRequest request) {
    return verbs
        .handle(request)
        .handle((made, thrown) -> {
          if (thrown != null && !isDone(thrown)) {
            throw new CompletionException(thrown);
          }
          return null;
        });
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
    return Caller.itself(SELF, clock, ForkJoinPool.commonPool());
  }

  private static boolean isDone(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    return cause instanceof ApiFailure failure
        && (DONE_BY_ANOTHER.contains(failure.reason())
            || (failure.reason() == Reason.INVALID
                && failure.getMessage().contains("already allocated")));
  }
}
