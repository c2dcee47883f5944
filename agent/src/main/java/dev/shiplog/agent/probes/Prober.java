package dev.shiplog.agent.probes;

import io.fabric8.kubernetes.api.model.Probe;
import java.util.Optional;

/** Asks containers how they are. Safe for use by many threads. */
public interface Prober {

  /** The probe a container has of that kind. */
  Optional<Probe> probe(ProbeTarget target, ProbeKind kind);

  /** Tries once; blocks for at most the probe's time-out, and a little. Never throws. */
  ProbeResult run(ProbeTarget target, ProbeKind kind, Probe probe);
}
