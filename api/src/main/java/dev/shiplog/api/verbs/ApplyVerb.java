package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.ownership.Apply;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.ObjectUpdate.Sent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Server-side apply: makes the object, or changes what of it the manager has an opinion on. */
final class ApplyVerb {

  private final Parts parts;
  private final Facets facets;
  private final CreateVerb create;
  private final ObjectUpdate update;
  private final Attempts attempts;

  ApplyVerb(Parts parts, Facets facets, CreateVerb create, ObjectUpdate update) {
    this.parts = parts;
    this.facets = facets;
    this.create = create;
    this.update = update;
    this.attempts = new Attempts(parts.store());
  }

  CompletableFuture<Answer> apply(ApiRequest.Apply request) {
    Target target = request.target();
    Facet facet = facets.of(target);
    var bodyType = facet.bodyType(target.type());
    // Decoded once: what is derived from it anew at each attempt never changes it.
    ObjectNode sent = parts.forms().decodeApplied(request.body(), bodyType).object();
    if (Meta.of(sent).has("managedFields")) {
      throw Failures.badRequest("metadata.managedFields must be nil");
    }
    Apply apply =
        new Apply(
            parts.forms().storedShape(target.type()),
            facet.config(target.type(), sent),
            Managers.applying(target, request.options()),
            request.force(),
            parts.identities().now());
    return attempts.run(request.caller(), state -> attempt(request, apply, state));
  }

  private CompletableFuture<Answer> attempt(ApiRequest.Apply request, Apply apply, Snapshot state) {
    Target target = request.target();
    boolean known = state.get(target.key()).isPresent();
    if (known || !target.subresource().isEmpty()) {
      return update.attempt(
          target,
          request.caller(),
          request.verb(),
          request.options(),
          (shown, current) -> applied(target, shown, apply, current),
          state);
    }
    return make(request, apply, state);
  }

  private Sent applied(Target target, Facet facet, Apply apply, StoredObject current) {
    Apply.Result result = apply.to(current.tree());
    Decoded decoded = checked(target, facet, result.object());
    return new Sent(decoded, Optional.of(result.managed()));
  }

  /** Brings what was merged into the form in which a client would have sent it. */
  private Decoded checked(Target target, Facet facet, ObjectNode merged) {
    return parts
        .forms()
        .checkPatched(
            facet.show(target.type(), merged),
            facet.bodyType(target.type()),
            FieldValidation.IGNORE);
  }

  private CompletableFuture<Answer> make(ApiRequest.Apply request, Apply apply, Snapshot state) {
    Target target = request.target();
    if (!Meta.uid(apply.config()).isEmpty()) {
      throw target.conflict(
          "uid mismatch: the provided object specified uid %s, and no existing object was found"
              .formatted(Meta.uid(apply.config())));
    }
    Apply.Result result = apply.toNothing();
    ObjectNode object = result.object();
    ObjectUpdate.checkIdentity(target, object);
    Decoded decoded = checked(target, facets.of(target), object);
    return create
        .create(
            new CreateVerb.Attempt(
                target,
                request.caller(),
                request.verb(),
                request.options(),
                Optional.of(result.managed())),
            decoded,
            state)
        .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(orAgain(thrown, target)));
  }

  /** Somebody else made it meanwhile: then it is there to be changed. */
  private static Throwable orAgain(Throwable thrown, Target target) {
    Throwable cause = Async.cause(thrown);
    return cause instanceof ApiFailure failure && failure.reason() == Reason.ALREADY_EXISTS
        ? new StaleException(target.key(), 0)
        : cause;
  }
}
