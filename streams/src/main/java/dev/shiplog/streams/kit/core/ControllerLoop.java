package dev.shiplog.streams.kit.core;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.core.WorkQueue.Due;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One controller and its keys, for one activation. A key is queued, rests after commands, waits for
 * a time, or is not known at all.
 */
final class ControllerLoop {

  /** How long a key rests at most, the first time. */
  static final Duration REST_LIMIT = Duration.ofSeconds(10);

  /** So many refusals for contention in a row are answered at once, without back-off. */
  private static final int CONTENTION_FREE = 3;

  private static final Duration DEADLINE_CHECK_INTERVAL = Duration.ofMillis(250);

  private final Controller controller;
  private final Views views;
  private final CommandSender commands;
  private final FaultHandler bugs;
  private final Backoff backoff;
  private final LoopMetrics metrics;
  private final WorkQueue queue;
  private final Map<StorageResource, Source<?>> sources = new HashMap<>();
  private final Map<String, Rest> resting = new HashMap<>();
  private final Map<String, String> keysByCommand = new HashMap<>();

  /** The steps of traces that keys are looked at for; each of these keys waits to be. */
  private final Map<String, String> causes = new HashMap<>();

  private final Map<String, List<RefusedCommand>> refusals = new HashMap<>();
  private final RevisionWaits waits = new RevisionWaits();
  private final LoopCounters counters = new LoopCounters();
  private Instant nextResync;
  private Instant nextDeadlineCheck;

  ControllerLoop(
      Controller controller,
      Views views,
      CommandSender commands,
      RandomGenerator random,
      FaultHandler bugs,
      LoopMetrics metrics,
      Instant now) {
    this.metrics = metrics;
    this.queue = new WorkQueue(metrics);
    this.controller = controller;
    this.views = views;
    this.commands = commands;
    this.bugs = bugs;
    this.backoff = new Backoff(random);
    this.nextResync = now;
    this.nextDeadlineCheck = now.plus(DEADLINE_CHECK_INTERVAL);
    controller.sources().forEach(source -> sources.put(source.type().resource(), source));
  }

  /** A view has taken in a change. */
  void onChange(ObjectChange<?> change) {
    Source<?> source = sources.get(change.type().resource());
    if (source != null) {
      keysOf(source, change).forEach(key -> enqueue(key, change.traceparent()));
    }
  }

  @SuppressWarnings("unchecked") // sources are found by the change's own type
  private <T extends HasMetadata> Iterable<String> keysOf(
      Source<?> source, ObjectChange<T> change) {
    return ((Source<T>) source).keys().keys(change, views);
  }

  private void enqueue(String key, String cause) {
    if (cause != null) {
      causes.put(key, cause);
    }
    enqueue(key);
  }

  /** A resting key is looked at after its rest anyway. */
  private void enqueue(String key) {
    if (!resting.containsKey(key)) {
      queue.add(key);
    }
  }

  /** One of this loop's commands was decided; any other is ignored. */
  void onOutcome(Outcome outcome, Instant now) {
    String key = keysByCommand.remove(outcome.id());
    Rest rest = key == null ? null : resting.get(key);
    if (rest == null) {
      return;
    }
    counters.onOutcome(outcome);
    if (LoopCounters.isRefusal(outcome)) {
      metrics.refused();
    }
    tell(rest.onOutcome(outcome), rest.traceparent());
    awaitSource(key, rest, outcome);
    endIfOver(key, rest, now);
  }

  private void tell(List<EventRequest> events, String traceparent) {
    if (!events.isEmpty()) {
      commands.follow(traceparent);
      events.forEach(event -> commands.tell(controller.actor(), event));
      commands.follow(null);
    }
  }

  private void awaitSource(String key, Rest rest, Outcome outcome) {
    if (outcome.result().resource().isEmpty()) {
      return;
    }
    StorageResource resource = StorageResource.parse(outcome.result().resource());
    long revision = outcome.result().resourceRevision();
    if (sources.containsKey(resource) && views.of(resource).orElseThrow().revision() < revision) {
      rest.awaitRevision(resource, revision);
      waits.add(resource, revision, key);
    }
  }

  private void endIfOver(String key, Rest rest, Instant now) {
    if (rest.isOver()) {
      end(key, rest, now);
    }
  }

  private void end(String key, Rest rest, Instant now) {
    resting.remove(key);
    metrics.resting(resting.size());
    rest.unanswered().forEach(keysByCommand::remove);
    if (!rest.refused().isEmpty()) {
      refusals.put(key, rest.refused());
    }
    switch (rest.ending()) {
      case DONE -> {
        backoff.succeeded(key);
        queue.add(key);
      }
      case CONTENDED -> {
        if (backoff.failed(key) <= CONTENTION_FREE) {
          queue.add(key);
        } else {
          retryLater(key, now);
        }
      }
      case FRUITLESS, REFUSED -> {
        backoff.failed(key);
        retryLater(key, now);
      }
      case OVERDUE -> {
        backoff.failed(key);
        queue.add(key);
      }
    }
  }

  private void retryLater(String key, Instant now) {
    metrics.retried();
    queue.addAt(key, now.plus(backoff.delay(key)));
  }

  /** Looks at every key that is due. */
  void run(Instant now) {
    endThoseWhoseViewsArrived(now);
    if (!now.isBefore(nextResync)) {
      nextResync = now.plus(controller.resyncInterval());
      controller.allKeys(views).forEach(this::enqueue);
    }
    if (!now.isBefore(nextDeadlineCheck)) {
      nextDeadlineCheck = now.plus(DEADLINE_CHECK_INTERVAL);
      endOverdue(now);
    }
    queue.advanceTo(now);
    for (Optional<Due> due = queue.poll(); due.isPresent(); due = queue.poll()) {
      reconcile(due.get(), now);
    }
  }

  private void endThoseWhoseViewsArrived(Instant now) {
    for (StorageResource resource : waits.resources()) {
      long revision = views.of(resource).orElseThrow().revision();
      for (String key : waits.reached(resource, revision)) {
        Rest rest = resting.get(key);
        if (rest != null) {
          rest.onRevision(resource, revision);
          endIfOver(key, rest, now);
        }
      }
    }
  }

  private void endOverdue(Instant now) {
    List<String> overdue =
        resting.entrySet().stream()
            .filter(entry -> entry.getValue().isOverdue(now))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    overdue.forEach(key -> end(key, resting.get(key), now));
  }

  private void reconcile(Due due, Instant now) {
    String key = due.key();
    Step step = Tracing.here().follow(controller.name(), SpanKind.CONSUMER, causes.remove(key));
    String traceparent = step.with("shiplog.key", key).traceparent();
    commands.follow(traceparent);
    boolean acted = reconcile(due, key, traceparent, now);
    commands.follow(null);
    if (acted) {
      // Most looks lead to nothing, and nobody wants to see them in a trace.
      step.close();
    }
  }

  /** Says whether there was something to do. */
  private boolean reconcile(Due due, String key, String traceparent, Instant now) {
    long started = metrics.now();
    queue.cancelTimer(key);
    counters.onReconciliation();
    Reconciliation result;
    try {
      result = ask(key, now);
    } catch (RuntimeException e) {
      metrics.failed();
      bugs.fault(controller.name() + " failed on " + key, e);
      backoff.failed(key);
      retryLater(key, now);
      return false;
    }
    metrics.worked(started);
    result.events().stream()
        .filter(event -> event.after() == null)
        .forEach(event -> commands.tell(controller.actor(), event));
    if (result.commands().isEmpty()) {
      backoff.succeeded(key);
      result.requeueAfter().ifPresent(time -> queue.addAt(key, now.plus(time)));
    } else {
      send(key, result, traceparent, now);
      metrics.commanded(result.commands().size(), due.sinceNanos());
    }
    return !result.commands().isEmpty();
  }

  private Reconciliation ask(String key, Instant now) {
    List<RefusedCommand> refused = refusals.remove(key);
    return refused == null
        ? controller.reconcile(key, views, now)
        : controller.reconcile(key, refused, views, now);
  }

  private void send(String key, Reconciliation result, String traceparent, Instant now) {
    int doublings = Math.min(backoff.failuresOf(key), 4);
    Instant deadline = now.plus(REST_LIMIT.multipliedBy(1L << doublings));
    List<EventRequest> later =
        result.events().stream().filter(event -> event.after() != null).toList();
    Rest rest = new Rest(deadline, later, traceparent);
    resting.put(key, rest);
    metrics.resting(resting.size());
    for (CommandRequest request : result.commands()) {
      String id = commands.send(controller.actor(), request);
      rest.await(id, request);
      keysByCommand.put(id, key);
    }
    counters.onCommands(result.commands().size());
  }

  String describe() {
    return String.format(
        "%s: %d queued, %d resting, %s",
        controller.name(), queue.depth(), resting.size(), counters);
  }
}
