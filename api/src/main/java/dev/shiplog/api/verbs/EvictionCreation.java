package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Evicts a pod: takes the disruption from its budget, then deletes it with the options of the
 * eviction. A deletion that fails after that has cost the budget one disruption until its
 * controller counts again, as in Kubernetes.
 */
final class EvictionCreation implements Creation {

  private static final dev.shiplog.api.schema.decoding.Target EVICTION =
      dev.shiplog.api.schema.decoding.Target.of(new GroupVersion("policy", "v1"), "Eviction");

  private final Parts parts;
  private final DeleteVerb delete;
  private final DisruptionBudgets budgets;
  private final Attempts attempts;
  private final SubresourceAdmission admission;

  EvictionCreation(Parts parts, DeleteVerb delete) {
    this.admission = new SubresourceAdmission(parts.admission());
    this.parts = parts;
    this.delete = delete;
    this.budgets = new DisruptionBudgets(parts.forms(), parts.identities());
    this.attempts = new Attempts(parts.store());
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    Decoded decoded =
        parts.forms().decode(request.body(), EVICTION, request.options().fieldValidation());
    String name = decoded.object().path("metadata").path("name").asText("");
    Target target = request.target();
    if (!name.isEmpty() && !name.equals(target.name())) {
      throw Failures.badRequest("name in URL does not match name in Eviction object");
    }
    return Async.then(
        admission.create(
            target,
            request.caller(),
            decoded.object(),
            parts.store().current(),
            isDryRun(request, decoded.object())),
        request.caller().executor(),
        warnings -> evict(request, decoded, Creation.both(decoded.warnings(), warnings)));
  }

  private static boolean isDryRun(ApiRequest.Create request, JsonNode eviction) {
    return request.options().dryRun() || DeleteOptions.of(eviction.path("deleteOptions")).dryRun();
  }

  private CompletableFuture<Answer> evict(
      ApiRequest.Create request, Decoded decoded, List<String> warnings) {
    Target target = request.target();
    DeleteOptions options = DeleteOptions.of(decoded.object().path("deleteOptions"));
    boolean dryRun = isDryRun(request, decoded.object());
    Target pod = new Target(target.type(), "", target.namespace(), target.name());
    return attempts
        .run(request.caller(), state -> take(request, pod, dryRun, state))
        .thenCompose(taken ->
            delete.delete(new ApiRequest.Delete(pod, request.caller(), options.withDryRun(dryRun))))
        .thenApply(deleted -> new Answer.Made(201, Statuses.taken(), committed(deleted), warnings));
  }

  private CompletableFuture<Boolean> take(
      ApiRequest.Create request, Target pod, boolean dryRun, Snapshot state) {
    StoredObject stored = state.get(pod.key()).orElseThrow(pod::notFound);
    Optional<ProposedChange> change = budgets.taken(pod, stored, state);
    if (change.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    return parts
        .store()
        .commit(
            new CommitRequest(
                request.caller().origin(request.verb()), List.of(change.get()), dryRun))
        .thenApplyAsync(committed -> true, request.caller().executor());
  }

  private static long committed(Answer answer) {
    return switch (answer) {
      case Answer.Stored stored -> stored.committed();
      case Answer.Made made -> made.committed();
      case Answer.Listing listing -> 0;
    };
  }
}
