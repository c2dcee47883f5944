package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes an object, or marks it for deletion where something has to happen first. */
final class DeleteVerb {

  private final Parts parts;
  private final Attempts attempts;

  DeleteVerb(Parts parts) {
    this.parts = parts;
    this.attempts = new Attempts(parts.store());
  }

  CompletableFuture<Answer> delete(ApiRequest.Delete request) {
    return attempts.run(request.caller(), state -> attempt(request, state));
  }

  private CompletableFuture<Answer> attempt(ApiRequest.Delete request, Snapshot state) {
    Target target = request.target();
    StoredObject stored = state.get(target.key()).orElseThrow(target::notFound);
    requireDemanded(target, request.options(), stored);
    ObjectNode before = stored.tree();
    AdmissionRequest admission =
        new AdmissionRequest(
            Operation.DELETE,
            target,
            request.caller(),
            null,
            before,
            state,
            request.options().dryRun());
    return Async.then(
        parts.admission().mutate(admission),
        request.caller().executor(),
        mutated -> checked(request, stored, admission));
  }

  private CompletableFuture<Answer> checked(
      ApiRequest.Delete request, StoredObject stored, AdmissionRequest admission) {
    return Async.then(
        parts.admission().validate(admission),
        request.caller().executor(),
        admitted -> commit(request, stored, admission.before(), admission.course().warnings()));
  }

  private static void requireDemanded(Target target, DeleteOptions options, StoredObject stored) {
    Revisions.requireUid(target, options.uid().orElse(""), stored);
    options
        .resourceVersion()
        .filter(version -> !version.equals(Long.toString(stored.revision())))
        .ifPresent(version -> {
          throw target.conflict(
              "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s"
                  .formatted(version, stored.revision()));
        });
  }

  private CompletableFuture<Answer> commit(
      ApiRequest.Delete request, StoredObject stored, ObjectNode tree, List<String> warnings) {
    Target target = request.target();
    ResourceRules rules = parts.registry().rules(target.storage());
    boolean now = Deletion.mark(tree, request.options(), rules, parts.identities());
    if (!now) {
      parts.forms().canonicalize(target.type(), tree);
    }
    ProposedChange change =
        now
            ? new ProposedChange.Delete(target.key(), stored.revision())
            : new ProposedChange.Update(target.key(), stored.revision(), tree);
    return parts
        .store()
        .commit(
            new CommitRequest(
                request.caller().origin(request.verb()),
                List.of(change),
                request.options().dryRun()))
        .thenApplyAsync(
            result -> answer(target, now, result, warnings), request.caller().executor());
  }

  private Answer answer(Target target, boolean gone, CommitResult result, List<String> warnings) {
    StoredObject object = result.objects().getFirst();
    return gone && !parts.registry().answersDeletionWithObject(target.storage())
        ? new Answer.Made(200, Statuses.success(target, object.uid()), result.revision(), warnings)
        : new Answer.Stored(200, target.type(), object, result.revision(), warnings);
  }
}
