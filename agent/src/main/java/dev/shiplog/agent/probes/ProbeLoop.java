package dev.shiplog.agent.probes;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.Task;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * One probe of one running container: tried again and again until it is closed. Belongs to the
 * pod's worker, on whose executor it tells what changes.
 */
final class ProbeLoop {

  /** Is told what the probe finds, on the owner's executor. */
  interface Listener {

    /** The thresholds say another thing than before; the first verdict is told as well. */
    void verdict(ProbeKind kind, boolean success);

    /** One try failed, whatever the thresholds say. */
    void failed(ProbeKind kind, String message);
  }

  private final AgentServices services;
  private final Executor owner;
  private final Prober prober;
  private final ProbeTarget target;
  private final ProbeKind kind;
  private final Probe probe;
  private final ProbeTiming timing;
  private final Listener listener;

  private Timers.Timer timer = () -> {};
  private boolean closed;
  private int inARow;
  private boolean last;
  private Boolean verdict;

  ProbeLoop(
      AgentServices services,
      Executor owner,
      Prober prober,
      ProbeTarget target,
      ProbeKind kind,
      Probe probe,
      Listener listener) {
    this.services = services;
    this.owner = owner;
    this.prober = prober;
    this.target = target;
    this.kind = kind;
    this.probe = probe;
    this.timing = ProbeTiming.of(probe);
    this.listener = listener;
  }

  ProbeTiming timing() {
    return timing;
  }

  /** Begins once the container has run for its initial delay. */
  void start() {
    Instant started = services.timers().steadyWhen(target.startedAt());
    Instant first = started.plusSeconds(timing.initialDelaySeconds());
    schedule(Duration.between(services.timers().steady(), first));
  }

  void close() {
    closed = true;
    timer.cancel();
  }

  private void schedule(Duration delay) {
    timer = services.timers().after(delay, () -> owner.execute(this::tryOnce));
  }

  private void tryOnce() {
    if (!closed) {
      Instant began = services.timers().steady();
      Task.start(
          services.threads(),
          owner,
          () -> prober.run(target, kind, probe),
          result -> ended(result, began));
    }
  }

  private void ended(Task.Result<ProbeResult> result, Instant began) {
    if (closed) {
      return;
    }
    switch (result) {
      case Task.Done<ProbeResult>(ProbeResult found) -> count(found);
      case Task.Failed<ProbeResult>(Throwable cause) ->
          services.faults().fault("Probing a container", cause);
    }
    if (!closed) {
      Instant next = began.plusSeconds(timing.periodSeconds());
      schedule(Duration.between(services.timers().steady(), next));
    }
  }

  private void count(ProbeResult found) {
    inARow = found.success() == last ? inARow + 1 : 1;
    last = found.success();
    if (!found.success()) {
      listener.failed(kind, found.message());
    }
    int threshold = found.success() ? timing.successThreshold() : timing.failureThreshold();
    if (inARow >= threshold && (verdict == null || verdict != found.success())) {
      verdict = found.success();
      listener.verdict(kind, found.success());
    }
  }
}
