package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import java.util.List;
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
    ObjectNode object = complete(target, decoded.object());
    Target named = target.named(Meta.name(object));
    return Async.then(
            parts
                .admission()
                .admit(
                    new AdmissionRequest(
                        Operation.CREATE,
                        named,
                        request.caller(),
                        object,
                        null,
                        state,
                        request.options().dryRun())),
            request.caller().executor(),
            admitted -> commit(request, named, object, decoded.warnings()))
        .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(refusal(thrown, generated)));
  }

  private ObjectNode complete(Target target, ObjectNode sent) {
    ObjectNode object = parts.forms().toStored(target.type(), sent);
    var storage = target.storage();
    NewObject.begin(object, target, parts.registry().hasGeneration(storage), parts.identities());
    if (target.type().subresources().containsKey("status")
        && !parts.registry().keepsInitialStatus(storage)) {
      object.remove("status");
    }
    parts.forms().fillIn(target.type(), object);
    parts.registry().rules(storage).prepareForCreate(object);
    return object;
  }

  private CompletableFuture<Answer> commit(
      ApiRequest.Create request, Target target, ObjectNode object, List<String> warnings) {
    parts.forms().canonicalize(target.type(), object);
    parts.forms().validateNew(target.type(), object);
    return parts
        .store()
        .commit(
            new CommitRequest(
                request.caller().origin(request.verb()),
                List.of(new ProposedChange.Create(target.key(), object)),
                request.options().dryRun()))
        .thenApplyAsync(
            result ->
                new Answer.Stored(
                    201, target.type(), result.objects().getFirst(), result.revision(), warnings),
            request.caller().executor());
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
