package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.ownership.ManagedFields;
import dev.shiplog.api.ownership.Ownership;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Changes an object through one of its facets; what update and patch share. Everything from what
 * was sent to the commit is done anew for each attempt.
 */
final class ObjectUpdate {

  private static final List<String> SYSTEM_METADATA =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "resourceVersion");

  /** Makes what a client sends out of what it asks. */
  @FunctionalInterface
  interface Change {

    /** What is to be written through the facet, given the object as it is. */
    Sent sent(Facet facet, StoredObject current);
  }

  /**
   * What is to be written.
   *
   * @param managed who owns which field then, if that was decided already
   */
  record Sent(Decoded decoded, Optional<ManagedFields> managed) {
    static Sent of(Decoded decoded) {
      return new Sent(decoded, Optional.empty());
    }
  }

  private final Parts parts;
  private final Facets facets;
  private final Attempts attempts;

  ObjectUpdate(Parts parts, Facets facets) {
    this.parts = parts;
    this.facets = facets;
    this.attempts = new Attempts(parts.store());
  }

  CompletableFuture<Answer> run(
      Target target, Caller caller, String verb, WriteOptions options, Change change) {
    Update update = new Update(target, caller, verb, options, facets.of(target), change);
    return attempts.run(caller, update::attempt);
  }

  /** One attempt at the same, for who has attempts of its own. */
  CompletableFuture<Answer> attempt(
      Target target,
      Caller caller,
      String verb,
      WriteOptions options,
      Change change,
      Snapshot state) {
    return new Update(target, caller, verb, options, facets.of(target), change).attempt(state);
  }

  /** What is sent must be about the object of the path; what it does not say of it is filled in. */
  static void checkIdentity(Target target, ObjectNode sent) {
    String name = Meta.name(sent);
    if (name.isEmpty()) {
      Meta.of(sent).put("name", target.name());
    } else if (!name.equals(target.name())) {
      throw Failures.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, target.name()));
    }
    NewObject.checkNamespace(sent, target);
  }

  /** One update, of as many attempts as it takes. */
  private final class Update {

    private final Target target;
    private final Caller caller;
    private final String verb;
    private final WriteOptions options;
    private final Facet facet;
    private final Change change;

    Update(
        Target target,
        Caller caller,
        String verb,
        WriteOptions options,
        Facet facet,
        Change change) {
      this.target = target;
      this.caller = caller;
      this.verb = verb;
      this.options = options;
      this.facet = facet;
      this.change = change;
    }

    CompletableFuture<Answer> attempt(Snapshot state) {
      StoredObject stored = state.get(target.key()).orElseThrow(target::notFound);
      Sent sent = change.sent(facet, stored);
      Decoded decoded = sent.decoded();
      checkIdentity(target, decoded.object());
      Revisions.requireCurrent(target, decoded.object(), stored);
      ObjectNode before = stored.tree();
      ObjectNode after = next(before, sent);
      AdmissionRequest request =
          new AdmissionRequest(
              Operation.UPDATE, target, caller, after, before, state, options.dryRun());
      return Async.then(
          parts.admission().mutate(request),
          caller.executor(),
          mutated ->
              checked(
                  stored, request, KindWarnings.of(target, request.object(), decoded.warnings())));
    }

    private CompletableFuture<Answer> checked(
        StoredObject stored, AdmissionRequest request, List<String> warnings) {
      ObjectNode before = request.before();
      ObjectNode after = request.object();
      ResourceRules rules = parts.registry().rules(target.storage());
      parts.forms().canonicalize(target.type(), after);
      if (parts.registry().hasGeneration(target.storage()) && wantsSomethingElse(before, after)) {
        Meta.of(after).put("generation", Meta.generation(before) + 1);
      }
      parts.forms().validateChange(target.type(), facet, rules, before, after);
      return Async.then(
          parts.admission().validate(request),
          caller.executor(),
          admitted -> commit(stored, rules, after, request.course().warningsAfter(warnings)));
    }

    private ObjectNode next(ObjectNode before, Sent sent) {
      ResourceRules rules = parts.registry().rules(target.storage());
      ObjectNode after = facet.merge(target.type(), before, sent.decoded().object());
      Meta.of(after).remove("selfLink");
      for (String field : SYSTEM_METADATA) {
        Meta.copy(before, after, field);
      }
      parts.forms().fillIn(target.type(), after);
      setOwners(before, after, sent.managed());
      facet.prepare(rules, after, before);
      return after;
    }

    private void setOwners(ObjectNode before, ObjectNode after, Optional<ManagedFields> decided) {
      if (decided.isPresent()) {
        Ownership.set(after, decided.get());
        return;
      }
      Ownership.ofChanged(
          parts.forms().storedShape(target.type()),
          before,
          after,
          Managers.writing(target, caller, options),
          facet.ownsMetadata(),
          parts.identities().now());
    }

    private CompletableFuture<Answer> commit(
        StoredObject stored, ResourceRules rules, ObjectNode after, List<String> warnings) {
      parts.forms().keepKnown(target.type(), after);
      ProposedChange proposed =
          Deletion.isDueAfter(rules, after)
              ? new ProposedChange.Delete(target.key(), stored.revision())
              : new ProposedChange.Update(target.key(), stored.revision(), after);
      return parts
          .store()
          .commit(new CommitRequest(caller.origin(verb), List.of(proposed), options.dryRun()))
          .thenApplyAsync(result -> answer(result, warnings), caller.executor());
    }

    private Answer answer(CommitResult result, List<String> warnings) {
      StoredObject made = result.objects().getFirst();
      StoredObject object = options.dryRun() ? new Supposed(made) : made;
      return facet.showsObject()
          ? new Answer.Stored(200, target.type(), object, result.revision(), warnings)
          : new Answer.Made(
              200, facet.show(target.type(), object.tree()), result.revision(), warnings);
    }
  }

  /** Whether anything but metadata and status differs. */
  private static boolean wantsSomethingElse(ObjectNode before, ObjectNode after) {
    return differs(before, after) || differs(after, before);
  }

  private static boolean differs(ObjectNode one, ObjectNode other) {
    for (Map.Entry<String, JsonNode> field : one.properties()) {
      boolean counts = !field.getKey().equals("metadata") && !field.getKey().equals("status");
      if (counts && !field.getValue().equals(other.get(field.getKey()))) {
        return true;
      }
    }
    return false;
  }
}
