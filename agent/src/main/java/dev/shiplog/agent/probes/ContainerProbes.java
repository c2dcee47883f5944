package dev.shiplog.agent.probes;

import dev.shiplog.agent.AgentServices;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * All probes of one run of a container, and what they say of it. Until the startup probe has
 * succeeded the others do not begin. Belongs to the pod's worker.
 */
public final class ContainerProbes implements ProbeLoop.Listener {

  /** Is told on the owner's executor. */
  public interface Listener {

    /** What the probes say of the container has changed. */
    void changed();

    /** A try failed; for an Event. */
    void unhealthy(ProbeTarget target, String message);
  }

  private final AgentServices services;
  private final Executor owner;
  private final Prober prober;

  /** Null once it is known that it has no probes: most have none, and need not be kept for them. */
  private ProbeTarget target;

  private final Listener listener;
  private final Map<ProbeKind, ProbeLoop> loops = new EnumMap<>(ProbeKind.class);

  private boolean started;
  private boolean ready;
  private ProbeKind failed;

  /**
   * Probes that do nothing until they are started.
   *
   * @param owner the worker's executor
   * @param wasStarted whether an earlier run of the agent found the container started
   * @param wasReady whether it found the container ready
   */
  public ContainerProbes(
      AgentServices services,
      Executor owner,
      Prober prober,
      ProbeTarget target,
      boolean wasStarted,
      boolean wasReady,
      Listener listener) {
    this.services = services;
    this.owner = owner;
    this.prober = prober;
    this.target = target;
    this.listener = listener;
    started = wasStarted;
    ready = wasReady;
  }

  public void start() {
    if (Arrays.stream(ProbeKind.values()).allMatch(kind -> probe(kind).isEmpty())) {
      target = null;
    }
    started |= probe(ProbeKind.STARTUP).isEmpty();
    ready |= probe(ProbeKind.READINESS).isEmpty();
    if (started) {
      startLoop(ProbeKind.LIVENESS);
      startLoop(ProbeKind.READINESS);
    } else {
      startLoop(ProbeKind.STARTUP);
    }
  }

  public boolean isStarted() {
    return started;
  }

  public boolean isReady() {
    return started && ready;
  }

  /** Which probe says that the container must end, if one does. */
  public Optional<ProbeKind> fatal() {
    return Optional.ofNullable(failed);
  }

  /** How long the container has to end, where the probe that ends it says so. */
  public Optional<Duration> terminationGrace() {
    return fatal().flatMap(kind -> loops.get(kind).timing().terminationGrace());
  }

  /** The container is to end: only readiness is still of interest. */
  public void stopJudging() {
    closeLoop(ProbeKind.STARTUP);
    closeLoop(ProbeKind.LIVENESS);
  }

  public void close() {
    loops.values().forEach(ProbeLoop::close);
  }

  @Override
  public void verdict(ProbeKind kind, boolean success) {
    switch (kind) {
      case STARTUP -> startupVerdict(success);
      case LIVENESS -> failed = success ? null : ProbeKind.LIVENESS;
      case READINESS -> ready = success;
    }
    listener.changed();
  }

  private void startupVerdict(boolean success) {
    closeLoop(ProbeKind.STARTUP);
    if (success) {
      started = true;
      startLoop(ProbeKind.LIVENESS);
      startLoop(ProbeKind.READINESS);
    } else {
      failed = ProbeKind.STARTUP;
    }
  }

  @Override
  public void failed(ProbeKind kind, String message) {
    listener.unhealthy(target, kind.title() + " probe failed: " + message);
  }

  private Optional<Probe> probe(ProbeKind kind) {
    return target == null ? Optional.empty() : prober.probe(target, kind);
  }

  private void startLoop(ProbeKind kind) {
    probe(kind)
        .ifPresent(probe -> {
          ProbeLoop loop = new ProbeLoop(services, owner, prober, target, kind, probe, this);
          loops.put(kind, loop);
          loop.start();
        });
  }

  private void closeLoop(ProbeKind kind) {
    ProbeLoop loop = loops.get(kind);
    if (loop != null) {
      loop.close();
    }
  }
}
