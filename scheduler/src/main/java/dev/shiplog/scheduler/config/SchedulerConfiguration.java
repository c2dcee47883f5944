package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.queue.BackOff;
import java.util.List;

/**
 * How pods are scheduled.
 *
 * @param profiles at least one, each with a scheduler name of its own
 * @param backOff between attempts on one pod
 */
public record SchedulerConfiguration(List<Profile> profiles, BackOff backOff) {

  public SchedulerConfiguration {
    profiles = List.copyOf(profiles);
  }
}
