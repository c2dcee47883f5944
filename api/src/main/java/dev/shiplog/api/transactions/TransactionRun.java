package dev.shiplog.api.transactions;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.Refused;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.transactions.Operation.What;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Writes;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out the operations of one transaction. It waits for what it asks, so it has a thread of
 * its own, a virtual one.
 *
 * <p>An attempt goes through the operations in their order, each through admission and validation,
 * on a {@link DraftStore}; what they would commit is then committed at once. If any is refused, the
 * rest is gone through all the same, so that every refusal is known. If somebody else changed one
 * of the objects meanwhile, everything is done again from what is there then.
 */
final class TransactionRun {

  /** Each lost race means that another write won. */
  private static final int MOST_ATTEMPTS = 100;

  private final Parts parts;
  private final ObjectCodec codec;
  private final Authorizer authorizer;
  private final Caller caller;
  private final WriteOptions options;
  private final String verb;

  /**
   * Makes one.
   *
   * @param options hold for every operation
   * @param verb of the request, for the journal
   */
  TransactionRun(
      Parts parts, Authorizer authorizer, Caller caller, WriteOptions options, String verb) {
    this.parts = parts;
    this.codec = new ObjectCodec(parts.registry().fields(), List.of());
    this.authorizer = authorizer;
    this.caller = caller;
    this.options = options;
    this.verb = verb;
  }

  /**
   * What became of an operation.
   *
   * @param before the object as it was; null if there was none
   * @param after the object as it is, or was last
   * @param gone whether it is no longer there
   */
  record Outcome(
      Operation operation,
      StoredObject before,
      StoredObject after,
      boolean gone,
      List<String> warnings) {}

  /**
   * What became of a transaction.
   *
   * @param revision the last of its changes; 0 if there are none
   */
  record Done(List<Outcome> outcomes, long revision) {}

  /**
   * Does it.
   *
   * @throws ApiFailure with a cause for every refusal; nothing was changed then
   */
  Done run(List<Operation> operations) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new Attempt(operations).run();
      } catch (StaleException stale) {
        if (attempt == MOST_ATTEMPTS) {
          throw Failures.unavailable(
              stale.key().text() + " changes faster than this request can; try again");
        }
      }
    }
  }

  /** One attempt. */
  private final class Attempt {
    private final List<Operation> operations;
    private final State base;
    private final DraftStore draft;
    private final Writes writes;
    private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
    private final List<Refused> refusals = new ArrayList<>();

    /** Which operation a change of the draft is of. */
    private final Map<Integer, Integer> operationOf = new HashMap<>();

    Attempt(List<Operation> operations) {
      this.operations = operations;
      // The newest snapshot of a store is a state.
      this.base = (State) Waiting.on(parts.store().read(new ReadAt.Latest()));
      this.draft = new DraftStore(base, codec);
      this.writes = new Writes(parts.on(draft));
    }

    Done run() {
      for (int i = 0; i < operations.size(); i++) {
        try {
          prepare(operations.get(i), i);
        } catch (ApiFailure refusal) {
          refusals.add(new Refused(place(i), refusal));
        }
      }
      refuseIfAny();
      CommitResult result = commit();
      draft.settle(result);
      return new Done(outcomes(result), result.revision());
    }

    private void prepare(Operation operation, int index) {
      authorize(operation);
      requireDemanded(operation);
      Optional<ApiRequest> request = operation.request(caller, options);
      CompletableFuture<Void> reached = draft.awaitNext();
      CompletableFuture<Answer> answer =
          request.map(writes::handle).orElseGet(() -> check(operation));
      Waiting.onEither(reached, answer);
      operationOf.put(answers.size(), index);
      answers.add(answer);
    }

    private void authorize(Operation operation) {
      Attributes asked = operation.asked();
      require(asked);
      boolean makes =
          operation.what() instanceof What.Apply
              && operation.target().subresource().isEmpty()
              && current(operation.target()).isEmpty();
      if (makes) {
        require(asked.withVerb("create"));
      }
    }

    private void require(Attributes asked) {
      Authorizer.Decision decision = authorizer.authorize(caller.user(), asked);
      if (!decision.allowed()) {
        throw asked.forbidden(caller.user().username(), decision.reason());
      }
    }

    private Optional<StoredObject> current(Target target) {
      return target.name().isEmpty() ? Optional.empty() : draft.current().get(target.key());
    }

    /** What another operation of the transaction does to the object is not what is meant. */
    private void requireDemanded(Operation operation) {
      if (operation.uid().isEmpty() && operation.resourceVersion().isEmpty()) {
        return;
      }
      Target target = operation.target();
      StoredObject stored = base.get(target.key()).orElseThrow(target::notFound);
      demand(target, "UID", operation.uid(), stored.uid());
      demand(
          target, "ResourceVersion", operation.resourceVersion(), Long.toString(stored.revision()));
    }

    private static void demand(Target target, String what, String demanded, String is) {
      if (!demanded.isEmpty() && !demanded.equals(is)) {
        throw target.conflict(
            "Precondition failed: %s in precondition: %s, %s in object meta: %s"
                .formatted(what, demanded, what, is));
      }
    }

    /** An update that changes nothing commits nothing, but only at that revision. */
    private CompletableFuture<Answer> check(Operation operation) {
      Target target = operation.target();
      StoredObject stored = draft.current().get(target.key()).orElseThrow(target::notFound);
      ProposedChange same =
          new ProposedChange.Update(target.key(), stored.revision(), stored.tree());
      return draft
          .commit(new CommitRequest(caller.origin(verb), List.of(same), options.dryRun()))
          .thenApply(result ->
              new Answer.Stored(200, target.type(), result.objects().getFirst(), 0, List.of()));
    }

    private CommitResult commit() {
      try {
        return Waiting.on(
            parts
                .store()
                .commit(new CommitRequest(caller.origin(verb), draft.changes(), options.dryRun())));
      } catch (ApiFailure refusal) {
        attribute(refusal);
        refuseIfAny();
        throw refusal;
      }
    }

    /** Finds out which operations a refused commit is about. */
    private void attribute(ApiFailure refusal) {
      Map<Integer, List<StatusCause>> byChange = new HashMap<>();
      for (StatusCause cause : refusal.causes()) {
        if (cause.field().startsWith("changes[")) {
          int end = cause.field().indexOf(']');
          byChange
              .computeIfAbsent(
                  Integer.parseInt(cause.field().substring("changes[".length(), end)),
                  _ -> new ArrayList<>())
              .add(cause);
        }
      }
      byChange.forEach((change, causes) ->
          causes.forEach(cause ->
              refusals.add(new Refused(place(operationOf.get(change)), of(cause, refusal)))));
      if (byChange.isEmpty() && isOfOne(refusal)) {
        refusals.add(new Refused(placeOf(refusal), refusal));
      }
    }

    private static ApiFailure of(StatusCause cause, ApiFailure whole) {
      Reason reason =
          Arrays.stream(Reason.values())
              .filter(known -> known.text().equals(cause.type()))
              .findFirst()
              .orElse(whole.reason());
      return Failures.failure(reason, cause.message(), null);
    }

    /** Whether the client is refused, and not the server unable. */
    private static boolean isOfOne(ApiFailure refusal) {
      return switch (refusal.reason()) {
        case TIMEOUT,
            SERVICE_UNAVAILABLE,
            INTERNAL_ERROR,
            TOO_MANY_REQUESTS,
            REQUEST_ENTITY_TOO_LARGE ->
            false;
        default -> true;
      };
    }

    private String placeOf(ApiFailure refusal) {
      return refusal
          .subject()
          .flatMap(subject -> {
            for (int i = 0; i < operations.size(); i++) {
              Target target = operations.get(i).target();
              if (target.name().equals(subject.name())
                  && target.type().group().equals(subject.group())
                  && (target.type().plural().equals(subject.kind())
                      || target.type().kind().equals(subject.kind()))) {
                return Optional.of(place(i));
              }
            }
            return Optional.<String>empty();
          })
          .orElse("spec.operations");
    }

    private void refuseIfAny() {
      if (!refusals.isEmpty()) {
        throw Refused.together(refusals, ApiFailure.Subject.of("shiplog.dev", "transactions", ""));
      }
    }

    private List<Outcome> outcomes(CommitResult result) {
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < operations.size(); i++) {
        ProposedChange change = draft.changes().get(i);
        Answer answer = Waiting.on(answers.get(i));
        outcomes.add(
            new Outcome(
                operations.get(i),
                base.get(change.key()).orElse(null),
                result.objects().get(i),
                change instanceof ProposedChange.Delete,
                warnings(answer)));
      }
      return outcomes;
    }

    private static List<String> warnings(Answer answer) {
      return switch (answer) {
        case Answer.Stored stored -> stored.warnings();
        case Answer.Made made -> made.warnings();
        case Answer.Listing _ -> List.of();
      };
    }
  }

  private static String place(int index) {
    return "spec.operations[" + index + "]";
  }
}
