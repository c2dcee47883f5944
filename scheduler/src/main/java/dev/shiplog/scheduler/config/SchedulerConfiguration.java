package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.queue.BackOff;
import java.util.List;
import java.util.function.Supplier;

/**
 * How pods are scheduled.
 *
 * @param profiles at least one, each with a scheduler name of its own
 * @param backOff between attempts on one pod
 * @param newProfiles makes the same profiles with plugins that remember nothing
 */
public record SchedulerConfiguration(
    List<Profile> profiles, BackOff backOff, Supplier<List<Profile>> newProfiles) {

  public SchedulerConfiguration {
    profiles = List.copyOf(profiles);
  }

  /** Of plugins that remember nothing anyhow. */
  public SchedulerConfiguration(List<Profile> profiles, BackOff backOff) {
    this(profiles, backOff, () -> profiles);
  }

  /** The same for another activation of the scheduler. */
  public SchedulerConfiguration anew() {
    return new SchedulerConfiguration(newProfiles.get(), backOff, newProfiles);
  }
}
