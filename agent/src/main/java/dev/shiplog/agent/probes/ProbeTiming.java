package dev.shiplog.agent.probes;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Optional;

/** When a probe is tried and how often it counts, with Kubernetes' defaults. */
record ProbeTiming(
    int initialDelaySeconds,
    int periodSeconds,
    int timeoutSeconds,
    int successThreshold,
    int failureThreshold,
    Optional<Duration> terminationGrace) {

  static ProbeTiming of(Probe probe) {
    return new ProbeTiming(
        positive(probe.getInitialDelaySeconds(), 0),
        positive(probe.getPeriodSeconds(), 10),
        positive(probe.getTimeoutSeconds(), 1),
        positive(probe.getSuccessThreshold(), 1),
        positive(probe.getFailureThreshold(), 3),
        Optional.ofNullable(probe.getTerminationGracePeriodSeconds()).map(Duration::ofSeconds));
  }

  private static int positive(Integer value, int otherwise) {
    return value == null || value <= 0 ? otherwise : value;
  }
}
