package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Binds a pod to a node as a client asks for it, with a Binding. */
final class BindingCreation implements Creation {

  private static final dev.shiplog.api.schema.decoding.Target BINDING =
      dev.shiplog.api.schema.decoding.Target.of(new GroupVersion("", "v1"), "Binding");

  private final Parts parts;
  private final PodBinder binder;
  private final Attempts attempts;
  private final SubresourceAdmission admission;

  BindingCreation(Parts parts, PodBinder binder) {
    this.admission = new SubresourceAdmission(parts.admission());
    this.parts = parts;
    this.binder = binder;
    this.attempts = new Attempts(parts.store());
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    return attempts.run(request.caller(), state -> attempt(request, state));
  }

  private CompletableFuture<Answer> attempt(ApiRequest.Create request, Snapshot state) {
    Target target = request.target();
    Decoded decoded =
        parts.forms().decode(request.body(), BINDING, request.options().fieldValidation());
    return Async.then(
        admission.create(
            target, request.caller(), decoded.object(), state, request.options().dryRun()),
        request.caller().executor(),
        warnings -> bind(request, decoded, state, warnings));
  }

  private CompletableFuture<Answer> bind(
      ApiRequest.Create request, Decoded decoded, Snapshot state, List<String> warnings) {
    Target target = request.target();
    String node = nodeOf(target, decoded.object());
    StoredObject stored = state.get(target.key()).orElseThrow(target::notFound);
    Revisions.requireCurrent(target, decoded.object(), stored);
    ObjectNode pod = stored.tree();
    PodBinder.requireUnbound(target, pod);
    binder.bind(target, pod, node, decoded.object().path("metadata"), state);
    return parts
        .store()
        .commit(
            new CommitRequest(
                request.caller().origin(request.verb()),
                List.of(new ProposedChange.Update(target.key(), stored.revision(), pod)),
                request.options().dryRun()))
        .thenApplyAsync(
            result ->
                new Answer.Made(
                    201,
                    Statuses.taken(),
                    result.revision(),
                    Creation.both(decoded.warnings(), warnings)),
            request.caller().executor());
  }

  private static String nodeOf(Target target, ObjectNode binding) {
    JsonNode to = binding.path("target");
    String kind = to.path("kind").asText("");
    String name = to.path("name").asText("");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      throw invalid(
          target,
          "FieldValueNotSupported",
          "Unsupported value: \"" + kind + "\": supported values: \"Node\"",
          "target.kind");
    }
    if (name.isEmpty()) {
      throw invalid(target, "FieldValueRequired", "Required value", "target.name");
    }
    return name;
  }

  private static RuntimeException invalid(
      Target target, String type, String message, String field) {
    return Failures.invalid(
        "", "Binding", target.name(), List.of(new StatusCause(type, message, field)));
  }
}
