package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The scheduling cycles by the names of their schedulers. One thread. */
final class Cycles {

  private final Map<String, SchedulingCycle> byName = new LinkedHashMap<>();

  Cycles(
      List<Profile> profiles, Cluster cluster, RandomGenerator random, SchedulerMetrics metrics) {
    for (Profile profile : profiles) {
      byName.put(profile.schedulerName(), new SchedulingCycle(profile, cluster, random, metrics));
    }
  }

  Collection<SchedulingCycle> all() {
    return byName.values();
  }

  /** The one a pod asks for, which {@link #has} must have confirmed at some time. */
  SchedulingCycle of(Pod pod) {
    return byName.get(pod.schedulerName());
  }

  Profile profileOf(Pod pod) {
    return of(pod).profile();
  }

  /** Whether a pod asks for one of these. */
  boolean has(Pod pod) {
    return byName.containsKey(pod.schedulerName());
  }
}
