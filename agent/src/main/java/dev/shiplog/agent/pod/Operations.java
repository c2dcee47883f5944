package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.PodAction;
import dev.shiplog.agent.work.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The actions of one pod that are under way, and those that failed and wait. Belongs to the pod's
 * worker.
 */
final class Operations {

  /** How long a failure goes by its first name. */
  private static final Duration FIRST_NAME_FOR = Duration.ofSeconds(2);

  private final Executor threads;
  private final Executor owner;
  private final Map<ActionKey, Task> underWay = new HashMap<>();
  private final Map<ActionKey, Failure> failures = new HashMap<>();
  private final Set<Failure> announced = Collections.newSetFromMap(new IdentityHashMap<>(1));

  /** Both executors as {@link Task#start} wants them. */
  Operations(Executor threads, Executor owner) {
    this.threads = threads;
    this.owner = owner;
  }

  /**
   * A failed action.
   *
   * @param count how often in a row
   * @param retryAt when it may be tried again
   */
  record Failure(ActionFailure cause, int count, Instant at, Instant retryAt) {

    ActionFailure.Words words(Instant now) {
      boolean first = now.isBefore(renamedAt());
      return first ? cause.words() : cause.later().orElse(cause.words());
    }

    Instant renamedAt() {
      return at.plus(FIRST_NAME_FOR);
    }
  }

  /**
   * Starts the work of an action that is not under way.
   *
   * @param onEnd told on the owner, after the action has stopped being under way
   */
  void start(ActionKey key, Task.Work<Void> work, BiConsumer<ActionKey, Task.Result<Void>> onEnd) {
    underWay.put(
        key,
        Task.start(
            threads,
            owner,
            work,
            result -> {
              underWay.remove(key);
              onEnd.accept(key, result);
            }));
  }

  boolean isBusy(ActionKey key) {
    return underWay.containsKey(key);
  }

  boolean anyBusy() {
    return !underWay.isEmpty();
  }

  /** Interrupts those under way; they stay so until they have really ended. */
  void cancel(Predicate<PodAction.Verb> which) {
    underWay.forEach((key, task) -> {
      if (which.test(key.verb())) {
        task.cancel();
      }
    });
  }

  void succeeded(ActionKey key) {
    failures.remove(key);
  }

  void failed(ActionKey key, ActionFailure cause, Instant now) {
    int count = failure(key).map(Failure::count).orElse(0) + 1;
    Instant retryAt = now.plus(cause.backoff().after(count));
    failures.put(key, new Failure(cause, count, now, retryAt));
  }

  Optional<Failure> failure(ActionKey key) {
    return Optional.ofNullable(failures.get(key));
  }

  /** When the next failure changes its name; empty if none will. */
  Optional<Instant> nextRename(Instant now) {
    return failures.values().stream()
        .filter(failure -> failure.cause().later().isPresent())
        .map(Failure::renamedAt)
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo);
  }

  /** The failures that go by another name from now on, each told once. */
  Map<ActionKey, ActionFailure.Words> takeRenamed(Instant now) {
    Map<ActionKey, ActionFailure.Words> renamed = new HashMap<>();
    failures.forEach((key, failure) -> {
      boolean due = !now.isBefore(failure.renamedAt());
      if (due && failure.cause().later().isPresent() && announced.add(failure)) {
        renamed.put(key, failure.words(now));
      }
    });
    announced.retainAll(failures.values());
    return renamed;
  }
}
