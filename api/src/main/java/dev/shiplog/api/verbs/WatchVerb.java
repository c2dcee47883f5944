package dev.shiplog.api.verbs;

import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WatchOptions.Start;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Opens the feed of a watch. */
final class WatchVerb {

  private final Store store;
  private final Registry registry;

  WatchVerb(Store store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  CompletableFuture<WatchFeed> watch(ApiRequest.Watch request) {
    Target target = request.target();
    ListVerb.checkFields(registry, target, request.selection());
    return switch (request.options().start()) {
      case Start.After after ->
          CompletableFuture.completedFuture(
              new ObjectFeed(
                  target,
                  request.selection(),
                  List.of(),
                  false,
                  after.revision(),
                  store.events(target.storage(), after.revision())));
      case Start.FromNow now ->
          Async.then(
              store.read(new ReadAt.Latest()),
              request.caller().executor(),
              state -> CompletableFuture.completedFuture(from(request, state, false, false)));
      case Start.WithState start ->
          Async.then(
              store.read(at(start)),
              request.caller().executor(),
              state ->
                  CompletableFuture.completedFuture(from(request, state, true, start.announced())));
    };
  }

  private static ReadAt at(Start.WithState start) {
    if (start.atLeast() < 0) {
      return new ReadAt.Latest();
    }
    return start.atLeast() == 0 ? new ReadAt.Any() : new ReadAt.NotOlderThan(start.atLeast());
  }

  private WatchFeed from(
      ApiRequest.Watch request, Snapshot state, boolean withState, boolean announced) {
    Target target = request.target();
    var initial =
        withState
            ? Pages.page(target, request.selection(), ListOptions.ALL, state).objects()
            : List.<dev.shiplog.api.store.StoredObject>of();
    return new ObjectFeed(
        target,
        request.selection(),
        initial,
        announced,
        state.revision(),
        store.events(target.storage(), state.revision()));
  }
}
