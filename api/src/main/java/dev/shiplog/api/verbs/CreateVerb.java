package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.ownership.ManagedFields;
import dev.shiplog.api.ownership.Ownership;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes an object: decode, complete, admit, validate, commit. */
final class CreateVerb {

  /** How many generated names are tried; a second one is hardly ever needed. */
  private static final int NAMES = 8;

  private final Parts parts;
  private final Attempts attempts;

  CreateVerb(Parts parts) {
    this.parts = parts;
    this.attempts = new Attempts(parts.store());
  }

  CompletableFuture<Answer> create(ApiRequest.Create request) {
    return create(request, NAMES);
  }

  private CompletableFuture<Answer> create(ApiRequest.Create request, int names) {
    return attempts
        .run(request.caller(), state -> attempt(request, state))
        .exceptionallyComposeAsync(
            thrown -> withAnotherName(request, names, Async.cause(thrown)),
            request.caller().executor());
  }

  private CompletableFuture<Answer> withAnotherName(
      ApiRequest.Create request, int names, Throwable thrown) {
    if (thrown instanceof NameTaken taken) {
      return names > 1 ? create(request, names - 1) : CompletableFuture.failedFuture(taken.refusal);
    }
    return CompletableFuture.failedFuture(thrown);
  }

  private CompletableFuture<Answer> attempt(ApiRequest.Create request, Snapshot state) {
    Target target = request.target();
    Decoded decoded =
        parts
            .forms()
            .decode(
                request.body(),
                dev.shiplog.api.schema.decoding.Target.of(target.type()),
                request.options().fieldValidation());
    boolean generated = NewObject.wantsName(decoded.object());
    return create(
            new Attempt(
                target, request.caller(), request.verb(), request.options(), Optional.empty()),
            decoded,
            state)
        .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(refusal(thrown, generated)));
  }

  /**
   * One attempt to make an object.
   *
   * @param managed who owns which field of it, if that was decided already
   */
  record Attempt(
      Target target,
      Caller caller,
      String verb,
      WriteOptions options,
      Optional<ManagedFields> managed) {}

  /** Makes an object of what was sent; fails with {@code AlreadyExists} if there is one. */
  CompletableFuture<Answer> create(Attempt attempt, Decoded decoded, Snapshot state) {
    ObjectNode object = complete(attempt, decoded.object());
    Target named = attempt.target().named(Meta.name(object));
    AdmissionRequest request =
        new AdmissionRequest(
            Operation.CREATE,
            named,
            attempt.caller(),
            object,
            null,
            state,
            attempt.options().dryRun());
    return Async.then(
        parts.admission().mutate(request),
        attempt.caller().executor(),
        mutated ->
            checked(
                attempt,
                request,
                KindWarnings.of(attempt.target(), request.object(), decoded.warnings())));
  }

  private CompletableFuture<Answer> checked(
      Attempt attempt, AdmissionRequest request, List<String> warnings) {
    Target target = request.target();
    parts.registry().rules(target.storage()).settle(request.object());
    parts.forms().canonicalize(target.type(), request.object());
    parts.forms().validateNew(target.type(), request.object());
    return Async.then(
        parts.admission().validate(request),
        attempt.caller().executor(),
        admitted ->
            commit(attempt, target, request.object(), request.course().warningsAfter(warnings)));
  }

  private ObjectNode complete(Attempt attempt, ObjectNode sent) {
    Target target = attempt.target();
    ObjectNode object = parts.forms().toStored(target.type(), sent);
    var storage = target.storage();
    NewObject.begin(object, target, parts.registry().hasGeneration(storage), parts.identities());
    if (target.type().subresources().containsKey("status")
        && !parts.registry().keepsInitialStatus(storage)) {
      object.remove("status");
    }
    parts.forms().fillIn(target.type(), object);
    setOwners(attempt, object);
    parts.registry().rules(storage).prepareForCreate(object);
    return object;
  }

  private void setOwners(Attempt attempt, ObjectNode object) {
    if (attempt.managed().isPresent()) {
      Ownership.set(object, attempt.managed().get());
      return;
    }
    Ownership.ofNew(
        parts.forms().storedShape(attempt.target().type()),
        object,
        Managers.writing(attempt.target(), attempt.caller(), attempt.options()),
        parts.identities().now());
  }

  private CompletableFuture<Answer> commit(
      Attempt attempt, Target target, ObjectNode object, List<String> warnings) {
    parts.forms().keepKnown(target.type(), object);
    return parts
        .store()
        .commit(
            new CommitRequest(
                attempt.caller().origin(attempt.verb()),
                List.of(new ProposedChange.Create(target.key(), object)),
                attempt.options().dryRun()))
        .thenApplyAsync(
            result ->
                new Answer.Stored(
                    201,
                    target.type(),
                    attempt.options().dryRun()
                        ? new Unborn(result.objects().getFirst())
                        : result.objects().getFirst(),
                    result.revision(),
                    warnings),
            attempt.caller().executor());
  }

  private static Throwable refusal(Throwable thrown, boolean generated) {
    Throwable cause = Async.cause(thrown);
    return generated
            && cause instanceof ApiFailure failure
            && failure.reason() == Reason.ALREADY_EXISTS
        ? new NameTaken(failure)
        : cause;
  }

  /** A generated name was not new. */
  private static final class NameTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ApiFailure refusal;

    NameTaken(ApiFailure refusal) {
      super(refusal.getMessage(), null, false, false);
      this.refusal = refusal;
    }
  }
}
