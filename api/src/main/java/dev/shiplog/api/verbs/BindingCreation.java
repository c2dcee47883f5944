package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
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

/**
 * Binds a pod to a node: {@code spec.nodeName} and the PodScheduled condition change in one commit,
 * against the revision that was looked at, so a pod is bound once and never while it is deleted.
 */
final class BindingCreation implements Creation {

  private static final dev.shiplog.api.schema.decoding.Target BINDING =
      dev.shiplog.api.schema.decoding.Target.of(new GroupVersion("", "v1"), "Binding");
  private static final String CONDITION = "PodScheduled";

  private final Parts parts;
  private final Attempts attempts;

  BindingCreation(Parts parts) {
    this.parts = parts;
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
    String node = nodeOf(target, decoded.object());
    StoredObject stored = state.get(target.key()).orElseThrow(target::notFound);
    Revisions.requireCurrent(target, decoded.object(), stored);
    ObjectNode pod = stored.tree();
    requireUnbound(target, pod);
    bind(pod, node, decoded.object());
    parts.forms().canonicalize(target.type(), pod);
    return parts
        .store()
        .commit(
            new CommitRequest(
                request.caller().origin(request.verb()),
                List.of(new ProposedChange.Update(target.key(), stored.revision(), pod)),
                request.options().dryRun()))
        .thenApplyAsync(
            result ->
                new Answer.Made(201, Statuses.success(), result.revision(), decoded.warnings()),
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

  private static void requireUnbound(Target target, ObjectNode pod) {
    if (Meta.isDeleting(pod)) {
      throw conflict(
          target, "pod " + target.name() + " is being deleted, cannot be assigned to a host");
    }
    String node = pod.path("spec").path("nodeName").asText("");
    if (!node.isEmpty()) {
      throw conflict(
          target, "pod %s is already assigned to node \"%s\"".formatted(target.name(), node));
    }
    if (!pod.path("spec").path("schedulingGates").isEmpty()) {
      throw conflict(target, "pod " + target.name() + " has non-empty .spec.schedulingGates");
    }
  }

  private static RuntimeException conflict(Target target, String why) {
    return Failures.conflict("", "pods/binding", target.name(), why);
  }

  private void bind(ObjectNode pod, String node, ObjectNode binding) {
    pod.withObject("/spec").put("nodeName", node);
    for (String field : List.of("annotations", "labels")) {
      binding
          .path("metadata")
          .path(field)
          .properties()
          .forEach(
              entry -> Meta.of(pod).withObject("/" + field).set(entry.getKey(), entry.getValue()));
    }
    ArrayNode conditions = pod.withObject("/status").withArray("/conditions");
    for (int i = conditions.size() - 1; i >= 0; i--) {
      if (conditions.get(i).path("type").asText("").equals(CONDITION)) {
        conditions.remove(i);
      }
    }
    conditions
        .addObject()
        .put("type", CONDITION)
        .put("status", "True")
        .put("lastTransitionTime", parts.identities().now());
  }
}
