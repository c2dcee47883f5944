package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Where requests are handled that may have to wait, for a conversion webhook most often: on threads
 * of their own, so that they hold up no event loop and nobody else. Any thread.
 */
final class RemoteConversions {

  /** Where the past is read or several objects are written, there is to be waited for more. */
  private static final String OWN_GROUP = "shiplog.dev";

  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

  static boolean concern(ResourceType type) {
    return type.custom().map(CustomVersion::convertsRemotely).orElse(false);
  }

  /** Whether requests about the resource are handled here. */
  static boolean waitFor(ResourceType type) {
    return type.group().equals(OWN_GROUP) || concern(type);
  }

  /** The caller of a request that is handled here. */
  Caller caller(Caller caller) {
    return new Caller(
        caller.user(),
        caller.auditId(),
        caller.requestUri(),
        caller.sourceIps(),
        caller.userAgent(),
        caller.receivedMs(),
        caller.command(),
        threads);
  }

  /** Handles a request, up to an answer in the version that was asked for. */
  CompletableFuture<Answer> handle(Supplier<CompletableFuture<Answer>> request) {
    CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> {}, threads);
    return begun
        .thenComposeAsync(none -> request.get(), threads)
        .thenApplyAsync(RemoteConversions::converted, threads);
  }

  /** Events of a watch with objects in the version that was asked for. */
  CompletableFuture<List<WatchEvent>> convert(ResourceType type, List<WatchEvent> events) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<StoredObject> objects =
              converted(type, events.stream().map(WatchEvent::object).toList());
          List<WatchEvent> result = new ArrayList<>(events.size());
          for (int i = 0; i < objects.size(); i++) {
            WatchEvent event = events.get(i);
            result.add(
                new WatchEvent(event.type(), objects.get(i), event.revision(), event.shared()));
          }
          return result;
        },
        threads);
  }

  private static Answer converted(Answer answer) {
    return switch (answer) {
      case Answer.Stored stored ->
          new Answer.Stored(
              stored.code(),
              stored.type(),
              converted(stored.type(), List.of(stored.object())).getFirst(),
              stored.committed(),
              stored.warnings());
      case Answer.Made made -> made;
      case Answer.Listing listing ->
          new Answer.Listing(
              listing.type(),
              converted(listing.type(), listing.objects()),
              listing.revision(),
              listing.continuation(),
              listing.remaining());
    };
  }

  private static List<StoredObject> converted(ResourceType type, List<StoredObject> objects) {
    List<ObjectNode> trees = objects.stream().map(StoredObject::tree).toList();
    List<ObjectNode> served = type.custom().orElseThrow().toServed(trees);
    List<StoredObject> result = new ArrayList<>(objects.size());
    for (int i = 0; i < served.size(); i++) {
      result.add(new Converted(objects.get(i), served.get(i)));
    }
    return result;
  }
}
