package dev.shiplog.streams.controllers.autoscaling;

import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pods by what their metrics are worth.
 *
 * @param ready how many count as they are
 * @param unready those that have not settled yet
 * @param missing those without a metric
 * @param ignored those on their way out
 */
record PodGroups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {

  /** For so long after its start a pod's processor use is taken to be that of its starting. */
  static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

  /** A pod that became unready for the first time later than that has been ready before. */
  static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

  static PodGroups of(
      Collection<Pod> pods, Map<String, PodMetric> metrics, String resource, Instant now) {
    int ready = 0;
    Set<String> unready = new HashSet<>();
    Set<String> missing = new HashSet<>();
    Set<String> ignored = new HashSet<>();
    for (Pod pod : pods) {
      String name = pod.getMetadata().getName();
      PodMetric metric = metrics.get(name);
      if (PodStates.isTerminating(pod) || PodStates.phase(pod).equals("Failed")) {
        ignored.add(name);
      } else if (PodStates.phase(pod).equals("Pending")) {
        unready.add(name);
      } else if (metric == null) {
        missing.add(name);
      } else if (resource.equals("cpu") && isStarting(pod, metric, now)) {
        unready.add(name);
      } else {
        ready++;
      }
    }
    return new PodGroups(ready, unready, missing, ignored);
  }

  private static boolean isStarting(Pod pod, PodMetric metric, Instant now) {
    Optional<PodCondition> condition =
        pod.getStatus().getConditions().stream()
            .filter(it -> it.getType().equals("Ready"))
            .findFirst();
    if (condition.isEmpty() || pod.getStatus().getStartTime() == null) {
      return true;
    }
    boolean isReady = condition.get().getStatus().equals("True");
    Instant started = Instant.parse(pod.getStatus().getStartTime());
    Instant changed =
        Optional.ofNullable(condition.get().getLastTransitionTime())
            .map(Instant::parse)
            .orElse(started);
    if (started.plus(CPU_INITIALIZATION).isAfter(now)) {
      return !isReady || metric.at().isBefore(changed.plus(metric.window()));
    }
    return !isReady && started.plus(INITIAL_READINESS).isAfter(changed);
  }
}
