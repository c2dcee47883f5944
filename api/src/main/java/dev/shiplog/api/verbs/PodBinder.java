package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.ApiFailure.Subject;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Binds pods to nodes: {@code spec.nodeName} and the PodScheduled condition change in one commit,
 * against the revisions that were looked at, so a pod is bound once and never while it is deleted.
 */
public final class PodBinder {

  private static final String CONDITION = "PodScheduled";
  private static final String VERB = "create";

  private final Parts parts;
  private final Attempts attempts;
  private final SubresourceAdmission admission;
  private final ScheduledEvents scheduled;

  PodBinder(Parts parts) {
    this.parts = parts;
    this.admission = new SubresourceAdmission(parts.admission());
    this.attempts = new Attempts(parts.store());
    this.scheduled = new ScheduledEvents(parts, admission);
  }

  /**
   * A pod to be bound.
   *
   * @param uid the pod's; empty for any
   * @param metadata its annotations and labels are added to the pod's
   */
  public record Bound(Target pod, String uid, String node, JsonNode metadata) {

    /** The object that says the same. */
    ObjectNode binding() {
      ObjectNode binding =
          JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Binding");
      ObjectNode named = binding.putObject("metadata");
      named.put("name", pod.name()).put("namespace", pod.namespace());
      for (String field : List.of("annotations", "labels")) {
        if (metadata.has(field)) {
          named.set(field, metadata.get(field).deepCopy());
        }
      }
      binding.putObject("target").put("kind", "Node").put("name", node);
      return binding;
    }

    /** The same as an object says it that admission may have changed. */
    Bound as(ObjectNode binding) {
      return new Bound(pod, uid, binding.at("/target/name").asText(node), binding.path("metadata"));
    }
  }

  /**
   * Binds several pods in one commit. Who asks may have read of a pod before this server has
   * applied it: one that is not there is looked for in the latest state before it is left out.
   *
   * @param allOrNone false to leave out those that cannot be bound, as long as one can
   * @param events where Events tell of it, in the same commit; empty for none
   * @return the revision of the last change; fails with what stands in the way of the first pod
   */
  public CompletableFuture<Long> bind(
      Caller caller, List<Bound> pods, boolean allOrNone, Optional<ResourceType> events) {
    return attempts.runLeniently(
        caller,
        (state, latest) ->
            Async.then(
                admitted(caller, pods, allOrNone, state),
                caller.executor(),
                left -> attempt(caller, left, new Demand(allOrNone, latest), events, state)));
  }

  /**
   * What is asked of an attempt.
   *
   * @param latest whether what the state says of a pod can be relied on
   */
  private record Demand(boolean allOrNone, boolean latest) {

    boolean mayLeaveOut(ApiFailure refusal) {
      return !allOrNone && (latest || !Attempts.mayFollowFromLag(refusal));
    }
  }

  /** Those that admission lets through; where nobody asks for bindings, that is all at no cost. */
  private CompletableFuture<List<Bound>> admitted(
      Caller caller, List<Bound> pods, boolean allOrNone, Snapshot state) {
    CompletableFuture<List<Bound>> left = CompletableFuture.completedFuture(new ArrayList<>());
    for (Bound each : pods) {
      left =
          Async.then(
              left,
              caller.executor(),
              before -> admitted(caller, each, allOrNone || pods.size() == 1, before, state));
    }
    return left;
  }

  private CompletableFuture<List<Bound>> admitted(
      Caller caller, Bound each, boolean needed, List<Bound> before, Snapshot state) {
    ObjectNode binding = each.binding();
    return admission
        .create(each.pod().below("binding"), caller, binding, state, false)
        .handle((warnings, refused) -> {
          if (refused == null) {
            before.add(each.as(binding));
          } else if (needed) {
            throw new CompletionException(Async.cause(refused));
          }
          return before;
        });
  }

  private CompletableFuture<Long> attempt(
      Caller caller,
      List<Bound> pods,
      Demand demand,
      Optional<ResourceType> events,
      Snapshot state) {
    List<ProposedChange.Update> changes = changes(pods, demand, state);
    CompletableFuture<Long> committed =
        Async.then(
            events.isPresent()
                ? scheduled.of(caller, events.get(), changes, state)
                : CompletableFuture.completedFuture(List.of()),
            caller.executor(),
            further -> commit(caller, changes, further));
    return committed.exceptionallyCompose(
        thrown -> otherwise(caller, pods, demand, events, state, Async.cause(thrown)));
  }

  private List<ProposedChange.Update> changes(List<Bound> pods, Demand demand, Snapshot state) {
    List<ProposedChange.Update> changes = new ArrayList<>(pods.size());
    ApiFailure first = null;
    for (Bound each : pods) {
      try {
        changes.add(change(each, state));
      } catch (ApiFailure refusal) {
        if (!demand.mayLeaveOut(refusal)) {
          throw refusal;
        }
        first = first == null ? refusal : first;
      }
    }
    if (changes.isEmpty()) {
      throw first == null ? Failures.badRequest("no pod to bind") : first;
    }
    return changes;
  }

  /** The pods come first: the outcome of the command speaks of the first change's resource. */
  private CompletableFuture<Long> commit(
      Caller caller, List<ProposedChange.Update> pods, List<ProposedChange> further) {
    List<ProposedChange> all = new ArrayList<>(pods);
    all.addAll(further);
    return parts
        .store()
        .commit(new CommitRequest(caller.origin(VERB), all, false))
        .thenApply(result -> result.revision());
  }

  /**
   * A commit that is refused because of one pod is tried again without it; one that is refused
   * because of Events (their namespace ends, a quota is used up), without them.
   */
  private CompletableFuture<Long> otherwise(
      Caller caller,
      List<Bound> pods,
      Demand demand,
      Optional<ResourceType> events,
      Snapshot state,
      Throwable thrown) {
    if (events.isPresent()
        && thrown instanceof ApiFailure failure
        && (failure.reason() == Reason.FORBIDDEN || failure.reason() == Reason.ALREADY_EXISTS)) {
      return Async.attempt(() -> attempt(caller, pods, demand, Optional.empty(), state));
    }
    return demand.allOrNone()
        ? CompletableFuture.failedFuture(thrown)
        : withoutTheRefused(caller, pods, demand, events, state, thrown);
  }

  private CompletableFuture<Long> withoutTheRefused(
      Caller caller,
      List<Bound> pods,
      Demand demand,
      Optional<ResourceType> events,
      Snapshot state,
      Throwable thrown) {
    String refused =
        thrown instanceof ApiFailure failure && failure.reason() == Reason.CONFLICT
            ? failure.subject().map(Subject::name).orElse("")
            : "";
    List<Bound> others = pods.stream().filter(each -> !each.pod().name().equals(refused)).toList();
    return others.size() == pods.size() || others.isEmpty()
        ? CompletableFuture.failedFuture(thrown)
        : Async.attempt(() -> attempt(caller, others, demand, events, state));
  }

  private ProposedChange.Update change(Bound each, Snapshot state) {
    Target target = each.pod();
    StoredObject stored = state.get(target.key()).orElseThrow(target::notFound);
    Revisions.requireUid(target, each.uid(), stored);
    ObjectNode pod = stored.tree();
    requireUnbound(target, pod);
    bind(target, pod, each.node(), each.metadata(), state);
    return new ProposedChange.Update(target.key(), stored.revision(), pod);
  }

  static void requireUnbound(Target target, ObjectNode pod) {
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

  /** Changes the pod's tree to what it is once it is bound. */
  void bind(Target target, ObjectNode pod, String node, JsonNode metadata, Snapshot state) {
    pod.withObject("/spec").put("nodeName", node);
    for (String field : List.of("annotations", "labels")) {
      metadata
          .path(field)
          .properties()
          .forEach(
              entry -> Meta.of(pod).withObject("/" + field).set(entry.getKey(), entry.getValue()));
    }
    TopologyLabels.copy(node, pod, metadata, state);
    ObjectNode status = pod.withObject("/status");
    // It was where the pod might go; now it is somewhere.
    status.remove("nominatedNodeName");
    ArrayNode conditions = status.withArray("/conditions");
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
    parts.forms().canonicalize(target.type(), pod);
  }
}
