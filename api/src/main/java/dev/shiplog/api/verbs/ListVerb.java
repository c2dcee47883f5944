package dev.shiplog.api.verbs;

import dev.shiplog.api.registry.FieldTable;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Reads objects of a resource; all pages of one list show the same state. */
final class ListVerb {

  private static final String TOO_OLD =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results from the current state; objects"
          + " that changed in between may then be missing or shown as they are now.";

  private final Store store;
  private final Registry registry;

  ListVerb(Store store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  CompletableFuture<Answer.Listing> list(ApiRequest.List request) {
    return list(
        request.target(), request.selection(), request.options(), request.caller().executor());
  }

  CompletableFuture<Answer.Listing> list(
      Target target, Selection selection, ListOptions options, Executor executor) {
    checkFields(registry, target, selection);
    return Async.then(
        state(target.storage(), options),
        executor,
        state -> CompletableFuture.completedFuture(Pages.page(target, selection, options, state)));
  }

  private CompletableFuture<Snapshot> state(StorageResource resource, ListOptions options) {
    if (options.continuation().isEmpty()) {
      return options.at() instanceof ReadAt.Exactly(long revision)
          ? store.past(resource, revision)
          : store.read(options.at());
    }
    Continuation from = options.continuation().get();
    return from.revision() < 0
        ? store.read(new ReadAt.Latest())
        : store
            .past(resource, from.revision())
            .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(tooOld(thrown, from)));
  }

  private static Throwable tooOld(Throwable thrown, Continuation from) {
    Throwable cause = Async.cause(thrown);
    return cause instanceof ApiFailure failure && failure.reason() == Reason.EXPIRED
        ? Failures.expired(TOO_OLD).withContinue(from.inconsistent().token())
        : cause;
  }

  /** Refuses a selection by fields that the resource does not offer. */
  static void checkFields(Registry registry, Target target, Selection selection) {
    if (selection.fields().isEverything()) {
      return;
    }
    Set<String> offered =
        target
            .type()
            .custom()
            .map(CustomVersion::selectableFields)
            .orElseGet(() -> registry.fields().offered(target.storage()));
    for (FieldSelector.Term term : selection.fields().terms()) {
      if (!FieldTable.COMMON.contains(term.path()) && !offered.contains(term.path())) {
        boolean plain = offered.isEmpty() && target.type().custom().isEmpty();
        throw Failures.badRequest(
            plain
                ? "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                    .formatted(term.path())
                : "field label not supported: " + term.path());
      }
    }
  }
}
