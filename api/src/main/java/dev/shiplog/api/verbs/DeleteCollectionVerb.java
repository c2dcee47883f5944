package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes what a list shows, each object by itself; one that is gone already is no failure. */
final class DeleteCollectionVerb {

  /** Deletions under way at once: enough to fill the journal's batches, few enough to be fair. */
  private static final int AT_ONCE = 32;

  private final ListVerb list;
  private final DeleteVerb delete;

  DeleteCollectionVerb(ListVerb list, DeleteVerb delete) {
    this.list = list;
    this.delete = delete;
  }

  CompletableFuture<Answer.Listing> delete(ApiRequest.DeleteCollection request) {
    return Async.then(
        list.list(
            request.target(), request.selection(), request.list(), request.caller().executor()),
        request.caller().executor(),
        listing -> deleteFrom(request, listing, 0).thenApply(done -> listing));
  }

  private CompletableFuture<Void> deleteFrom(
      ApiRequest.DeleteCollection request, Answer.Listing listing, int from) {
    List<StoredObject> objects = listing.objects();
    if (from >= objects.size()) {
      return CompletableFuture.completedFuture(null);
    }
    int to = Math.min(objects.size(), from + AT_ONCE);
    CompletableFuture<?>[] batch =
        objects.subList(from, to).stream()
            .map(object -> deleteOne(request, object))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(batch)
        .thenComposeAsync(done -> deleteFrom(request, listing, to), request.caller().executor());
  }

  private CompletableFuture<?> deleteOne(ApiRequest.DeleteCollection request, StoredObject object) {
    Target one =
        new Target(request.target().type(), "", object.key().namespace(), object.key().name());
    return delete
        .delete(new ApiRequest.Delete(one, request.caller(), request.options()))
        .exceptionallyCompose(DeleteCollectionVerb::unlessGone);
  }

  private static CompletionStage<Answer> unlessGone(Throwable thrown) {
    Throwable cause = Async.cause(thrown);
    return cause instanceof ApiFailure failure && failure.reason() == Reason.NOT_FOUND
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(cause);
  }
}
