package dev.shiplog.agent.pod.plan;

import dev.shiplog.agent.container.Resizable;
import dev.shiplog.agent.runtime.ContainerStatus;
import java.time.Instant;
import java.util.Optional;

/** What a pod's worker remembers beyond what the runtime holds: read by plans and statuses. */
public interface PodMemory {

  /** Whether the pod's volumes were prepared since the agent started. */
  boolean volumesReady();

  /** Whether such an action is under way. */
  boolean isBusy(ActionKey key);

  /** Until when such an action, having failed, is not to be tried again. */
  Optional<Instant> retryAt(ActionKey key);

  /** What the running container really has; empty if that is not known. */
  Optional<Resizable> applied(ContainerStatus container);

  CrashBackoff crashBackoff(String container);

  /** When a container that ended did so, in steady time. */
  Instant endedAt(ContainerStatus container);

  /** Whether the running container's startup probe, if it has one, has succeeded. */
  boolean isStarted(ContainerStatus container);

  /** Why the running container must end, if it must: a probe of it failed for good. */
  Optional<Death> mustDie(ContainerStatus container);
}
