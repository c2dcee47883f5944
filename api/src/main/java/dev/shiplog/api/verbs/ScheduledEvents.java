package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.ownership.Ownership;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The Events that tell of bindings, as changes of the commit that binds. One that cannot be is left
 * out: it never stands in the way of its binding.
 */
final class ScheduledEvents {

  private static final int UID_DIGITS = 16;
  private static final int LONGEST_NAME = 253;

  private final Parts parts;
  private final SubresourceAdmission admission;

  ScheduledEvents(Parts parts, SubresourceAdmission admission) {
    this.parts = parts;
    this.admission = admission;
  }

  /** Makes one for each pod that is about to be changed. */
  CompletableFuture<List<ProposedChange>> of(
      Caller caller, ResourceType events, List<ProposedChange.Update> pods, Snapshot state) {
    CompletableFuture<List<ProposedChange>> made =
        CompletableFuture.completedFuture(new ArrayList<>(pods.size()));
    for (ProposedChange.Update pod : pods) {
      made = Async.then(made, caller.executor(), before -> add(before, caller, events, pod, state));
    }
    return made;
  }

  private CompletableFuture<List<ProposedChange>> add(
      List<ProposedChange> made,
      Caller caller,
      ResourceType type,
      ProposedChange.Update pod,
      Snapshot state) {
    ObjectNode event = event(pod);
    Target target = new Target(type, "", pod.key().namespace(), Meta.name(event));
    return admission
        .create(target, caller, event, state, false)
        .handle((warnings, refused) -> {
          if (Async.cause(refused) instanceof PendingAnswer) {
            throw new CompletionException(refused);
          }
          if (refused == null
              && state.get(target.key()).isEmpty()
              && complete(event, target, caller)) {
            made.add(new ProposedChange.Create(target.key(), event));
          }
          return made;
        });
  }

  private boolean complete(ObjectNode event, Target target, Caller caller) {
    try {
      NewObject.begin(event, target, false, parts.identities());
      parts.forms().fillIn(target.type(), event);
      Ownership.ofNew(
          parts.forms().storedShape(target.type()),
          event,
          Managers.writing(target, caller, WriteOptions.DEFAULT),
          parts.identities().now());
      parts.registry().rules(target.storage()).prepareForCreate(event);
      parts.forms().canonicalize(target.type(), event);
      parts.forms().validateNew(target.type(), event);
      return true;
    } catch (ApiFailure refusal) {
      return false;
    }
  }

  /** A pod is bound once in its life, so its uid makes the name one that nobody else has. */
  private ObjectNode event(ProposedChange.Update change) {
    ObjectNode pod = change.object();
    String name = Meta.name(pod);
    String uid = Meta.text(pod, "uid");
    String scheduler = pod.path("spec").path("schedulerName").asText();
    String digits = uid.replace("-", "");
    String suffix = "." + digits.substring(0, Math.min(UID_DIGITS, digits.length()));
    ObjectNode event = Json.MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put(
            "name",
            name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix)
        .put("namespace", change.key().namespace());
    event
        .putObject("involvedObject")
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("namespace", change.key().namespace())
        .put("name", name)
        .put("uid", uid)
        .put("resourceVersion", Long.toString(change.expectedRevision()));
    event.putObject("source").put("component", scheduler);
    String now = parts.identities().now();
    return event
        .put("type", "Normal")
        .put("reason", "Scheduled")
        .put(
            "message",
            "Successfully assigned %s/%s to %s"
                .formatted(
                    change.key().namespace(), name, pod.path("spec").path("nodeName").asText()))
        .put("reportingComponent", scheduler)
        .put("reportingInstance", "")
        .put("firstTimestamp", now)
        .put("lastTimestamp", now)
        .put("count", 1);
  }
}
