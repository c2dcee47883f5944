package dev.shiplog.agent.simulated;

import dev.shiplog.agent.probes.ProbeKind;
import dev.shiplog.agent.probes.ProbeResult;
import dev.shiplog.agent.probes.ProbeTarget;
import dev.shiplog.agent.probes.Prober;
import dev.shiplog.agent.runtime.PodRuntimeException;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Probes of simulated containers: whatever a probe would ask, it finds what the container's
 * behaviour says for the time it has been running. Blocks for no time.
 */
public final class SimulatedProber implements Prober {

  private final SimulatedRuntime runtime;
  private final Prober real;
  private final InstantSource clock;

  /**
   * A prober for one node.
   *
   * @param real knows which probes a container has
   */
  public SimulatedProber(SimulatedRuntime runtime, Prober real, InstantSource clock) {
    this.runtime = runtime;
    this.real = real;
    this.clock = clock;
  }

  @Override
  public Optional<Probe> probe(ProbeTarget target, ProbeKind kind) {
    return real.probe(target, kind);
  }

  @Override
  public ProbeResult run(ProbeTarget target, ProbeKind kind, Probe probe) {
    try {
      Behaviour behaviour = runtime.behaviour(target.containerId());
      Duration runs = Duration.between(target.startedAt(), clock.instant());
      return switch (kind) {
        case STARTUP -> fromThen(behaviour.readyAfter(), runs);
        case READINESS ->
            runs.compareTo(behaviour.readyAfter()) < 0
                ? fromThen(behaviour.readyAfter(), runs)
                : untilThen(behaviour.readyFor(), runs);
        case LIVENESS -> untilThen(behaviour.liveFor(), runs);
      };
    } catch (PodRuntimeException e) {
      return ProbeResult.failure(e.getMessage());
    }
  }

  private static ProbeResult fromThen(Duration from, Duration runs) {
    return runs.compareTo(from) < 0
        ? ProbeResult.failure("simulated: not before it has run for " + from)
        : ProbeResult.SUCCESS;
  }

  private static ProbeResult untilThen(Optional<Duration> until, Duration runs) {
    return until.isPresent() && runs.compareTo(until.get()) >= 0
        ? ProbeResult.failure("simulated: no longer than for " + until.get())
        : ProbeResult.SUCCESS;
  }
}
