package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.PodAction;
import dev.shiplog.agent.runtime.PodIdentity;
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
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The actions of one pod that are under way, and those that failed and wait. Belongs to the pod's
 * worker.
 */
final class Operations {

  /** How long a failure goes by its first name. */
  private static final Duration FIRST_NAME_FOR = Duration.ofSeconds(2);

  private final AgentServices services;
  private final Executor owner;
  private final PodIdentity pod;
  private final Runnable onEnd;
  private final Map<ActionKey, Task> underWay = new HashMap<>();
  private final Map<ActionKey, Failure> failures = new HashMap<>();
  private final Set<Failure> announced = Collections.newSetFromMap(new IdentityHashMap<>(1));

  /**
   * Those of a pod of which nothing is under way.
   *
   * @param owner the worker's executor
   * @param onEnd told on the owner of every action that has ended, however
   */
  Operations(AgentServices services, Executor owner, PodIdentity pod, Runnable onEnd) {
    this.services = services;
    this.owner = owner;
    this.pod = pod;
    this.onEnd = onEnd;
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
   * @param onSuccess told on the owner, after the action has stopped being under way
   */
  void start(ActionKey key, Task.Work<Void> work, Consumer<ActionKey> onSuccess) {
    underWay.put(
        key, Task.start(services.threads(), owner, work, result -> ended(key, result, onSuccess)));
  }

  private void ended(ActionKey key, Task.Result<Void> result, Consumer<ActionKey> onSuccess) {
    underWay.remove(key);
    switch (result) {
      case Task.Done<Void> done -> {
        failures.remove(key);
        onSuccess.accept(key);
      }
      case Task.Failed<Void>(ActionFailure failure) -> failed(key, failure);
      case Task.Failed<Void>(InterruptedException calledOff) -> {}
      case Task.Failed<Void>(Throwable bug) ->
          services.faults().fault(key.verb() + " for " + pod, bug);
    }
    onEnd.run();
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

  private void failed(ActionKey key, ActionFailure cause) {
    Instant now = services.timers().steady();
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
