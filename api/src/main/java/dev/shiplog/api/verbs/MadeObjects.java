package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.MadeObject;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A resource whose objects are kept nowhere: they are made for each request that reads them, and
 * have no revision. Any thread.
 *
 * @param now makes the objects as they are now
 */
public record MadeObjects(Supplier<List<ObjectNode>> now) {

  CompletableFuture<Answer> get(ApiRequest.Get request) {
    Target target = request.target();
    StoredObject found =
        all(target)
            .filter(object -> object.key().name().equals(target.name()))
            .findFirst()
            .orElseThrow(target::notFound);
    return CompletableFuture.completedFuture(
        new Answer.Stored(200, target.type(), found, 0, List.of()));
  }

  CompletableFuture<Answer> list(ApiRequest.List request) {
    request.selection().fields().terms().forEach(term -> requireName(term.path()));
    return CompletableFuture.completedFuture(
        new Answer.Listing(
            request.target().type(),
            all(request.target()).filter(request.selection()::matches).toList(),
            0,
            Optional.empty(),
            OptionalLong.empty()));
  }

  private static void requireName(String path) {
    if (!path.equals("metadata.name")) {
      throw Failures.badRequest("field label not supported: " + path);
    }
  }

  private java.util.stream.Stream<StoredObject> all(Target target) {
    StorageResource resource = StorageResource.of(target.type().plural(), target.type().group());
    return now.get().stream()
        .map(tree ->
            new Made(new ObjectKey(resource, "", Trees.text(tree, "metadata", "name")), tree));
  }

  /** An object that is not kept. */
  private record Made(ObjectKey key, ObjectNode made) implements MadeObject {
    @Override
    public long revision() {
      return 0;
    }

    @Override
    public String uid() {
      return "";
    }

    @Override
    public Map<String, String> labels() {
      return Trees.map(made, "metadata", "labels");
    }

    @Override
    public byte[] bytes() {
      return Json.bytes(made);
    }

    @Override
    public ObjectNode tree() {
      return made.deepCopy();
    }
  }
}
