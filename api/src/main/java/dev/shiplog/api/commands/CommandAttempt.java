package dev.shiplog.api.commands;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command.Verb;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Tries to have a command decided: a commit that names it, or a skip. An attempt may be repeated
 * whatever became of the one before, since of all the entries that name a command only the first is
 * appended. Any thread.
 */
final class CommandAttempt {

  private static final int MAX_MESSAGE = 4096;
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Store store;
  private final Supplier<CommandLedger> ledger;
  private final CommandExecutor executor;
  private final Executor workers;
  private final Duration timeout;
  private final InstantSource clock;

  CommandAttempt(
      Store store,
      Supplier<CommandLedger> ledger,
      CommandExecutor executor,
      Executor workers,
      Duration timeout,
      InstantSource clock) {
    this.store = store;
    this.ledger = ledger;
    this.executor = executor;
    this.workers = workers;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** How an attempt ended. */
  enum End {
    /** An entry names the command and was applied. */
    DECIDED,
    /** It is not decided yet as far as is known here, and may be tried again. */
    AGAIN,
    /** It failed in a way no command may. */
    BROKEN
  }

  /** How it ended, and why if it is not decided. */
  record Ended(End end, Throwable cause) {}

  /** Carries the command out on a worker. Never fails. */
  CompletableFuture<Ended> carryOut(ReadCommand read) {
    return end(
        read.ref(),
        CompletableFuture.supplyAsync(() -> known(read), workers)
            .thenCompose(known -> known.isPresent() ? skip(read, known.get()) : executed(read)));
  }

  /** Has it recorded that the command did not take effect. Never fails. */
  CompletableFuture<Ended> refuse(ReadCommand read, CommandResult result) {
    return end(
        read.ref(),
        CompletableFuture.supplyAsync(() -> result, workers)
            .thenCompose(refusal -> skip(read, refusal)));
  }

  /** What can be said of a command without carrying it out. */
  private Optional<CommandResult> known(ReadCommand read) {
    CommandRef ref = read.ref();
    return read.refusal()
        .or(() -> ledger.get().isSuperseded(ref) ? Optional.of(superseded(ref)) : Optional.empty())
        .or(() ->
            read.command().verb() == Verb.BEGIN
                ? Optional.of(new CommandResult(OK, "", "", "", 0))
                : Optional.empty());
  }

  private CommandResult superseded(CommandRef ref) {
    String message =
        "generation %d of application %s is no longer active: generation %d is"
            .formatted(
                ref.generation(), ref.application(), ledger.get().generation(ref.application()));
    return new CommandResult(CONFLICT, "Conflict", message, "", 0);
  }

  private CompletableFuture<Void> executed(ReadCommand read) {
    return executor
        .execute(read.command(), read.ref())
        .thenCompose(result ->
            result.isPresent()
                ? skip(read, result.get())
                : CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> skip(ReadCommand read, CommandResult result) {
    if (result.code() == TOO_MANY_REQUESTS) {
      // Said of the moment, not of the command.
      return CompletableFuture.failedFuture(
          new ApiFailure(
              Reason.TOO_MANY_REQUESTS, result.code(), result.message(), null, List.of(), 1));
    }
    var origin = CommandOrigin.of(read.command(), read.ref(), clock.millis());
    return store.skip(new CommitRequest(origin, List.of(), false), shortened(result));
  }

  private CompletableFuture<Ended> end(CommandRef ref, CompletableFuture<Void> attempt) {
    return attempt
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle((_, failure) -> judge(ref, unwrapped(failure)));
  }

  /** Whatever the answer was: what counts is whether an entry names the command. */
  private Ended judge(CommandRef ref, Throwable failure) {
    if (ledger.get().isDecided(ref)) {
      return new Ended(End.DECIDED, null);
    }
    return new Ended(isPassing(failure) ? End.AGAIN : End.BROKEN, failure);
  }

  private static boolean isPassing(Throwable failure) {
    return switch (failure) {
      // Done by another leader, whose entry has yet to arrive here.
      case null -> true;
      case ApiFailure api -> isPassing(api.reason());
      case TimeoutException _ -> true;
      default -> false;
    };
  }

  private static boolean isPassing(Reason reason) {
    // Conflict is how a command is refused that was decided before: perhaps by another leader.
    return reason == Reason.CONFLICT
        || reason == Reason.SERVICE_UNAVAILABLE
        || reason == Reason.TIMEOUT
        || reason == Reason.TOO_MANY_REQUESTS;
  }

  private static CommandResult shortened(CommandResult result) {
    return result.message().length() <= MAX_MESSAGE
        ? result
        : new CommandResult(
            result.code(),
            result.reason(),
            result.message().substring(0, MAX_MESSAGE) + "…",
            result.resource(),
            result.resourceRevision());
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
