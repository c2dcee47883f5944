package dev.shiplog.agent.pod.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do now.
 *
 * @param actions to be started, none of which is under way
 * @param wakeAt when to plan again, in steady time, if nothing else happens before
 * @param isDone whether what was planned for is reached: an active pod has ended by itself, or a
 *     terminating one has nothing left that runs
 */
public record Plan(List<PodAction> actions, Optional<Instant> wakeAt, boolean isDone) {

  /** Waits for something else to happen. */
  public static final Plan NOTHING = new Plan(List.of(), Optional.empty(), false);

  static final Plan DONE = new Plan(List.of(), Optional.empty(), true);

  public Plan {
    actions = List.copyOf(actions);
  }
}
