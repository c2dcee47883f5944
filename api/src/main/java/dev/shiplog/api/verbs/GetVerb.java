package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads one object, or what one of its subresources shows of it. */
final class GetVerb {

  private final Store store;
  private final Facets facets;

  GetVerb(Store store, Facets facets) {
    this.store = store;
    this.facets = facets;
  }

  CompletableFuture<Answer> get(ApiRequest.Get request) {
    Target target = request.target();
    Facet facet = facets.of(target);
    return Async.then(
        request.at() instanceof ReadAt.Exactly(long revision)
            ? store.past(target.storage(), revision)
            : store.read(request.at()),
        request.caller().executor(),
        state -> CompletableFuture.completedFuture(answer(target, facet, state)));
  }

  private static Answer answer(Target target, Facet facet, Snapshot state) {
    StoredObject object = state.get(target.key()).orElseThrow(target::notFound);
    return facet.showsObject()
        ? new Answer.Stored(200, target.type(), object, 0, List.of())
        : new Answer.Made(200, facet.show(target.type(), object.tree()), 0, List.of());
  }
}
