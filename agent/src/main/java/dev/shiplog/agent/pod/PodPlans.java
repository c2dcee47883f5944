package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.PodLife.Active;
import dev.shiplog.agent.pod.PodLife.Ended;
import dev.shiplog.agent.pod.PodLife.Released;
import dev.shiplog.agent.pod.PodLife.Releasing;
import dev.shiplog.agent.pod.PodLife.Terminating;
import dev.shiplog.agent.pod.plan.ActivePlan;
import dev.shiplog.agent.pod.plan.Plan;
import dev.shiplog.agent.pod.plan.ReleasePlan;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.plan.TerminatingPlan;
import dev.shiplog.agent.pod.resize.PodShare;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;

/**
 * What is to be done for a pod, wherever it is in its life, after what was seen of it last. State
 * belongs to the pod's worker.
 */
final class PodPlans {

  private final PodShare share;
  private final WorkerMemory memory;

  /** The node needs the room that is taken by what the ended pod left. */
  private boolean reclaimed;

  PodPlans(PodShare share, WorkerMemory memory) {
    this.share = share;
    this.memory = memory;
  }

  /** Once it has ended nothing is left of it; false if that was so before. */
  boolean reclaim() {
    boolean first = !reclaimed;
    reclaimed = true;
    return first;
  }

  Plan of(PodLife life, Pod pod, Instant now) {
    Seen seen = memory.seen();
    return switch (life) {
      case Active active -> ActivePlan.of(share.granted(pod), seen, memory, now);
      case Terminating terminating ->
          TerminatingPlan.of(pod, seen, memory, terminating.left(now), now);
      case Ended ended ->
          leavesNoTrace(pod)
              ? ReleasePlan.endedWithoutTrace(seen, memory.filesRemoved(), memory, now)
              : ReleasePlan.ended(memory.volumesReleased(), memory, now);
      case Releasing releasing -> ReleasePlan.of(seen, memory.filesRemoved(), memory, now);
      case Released released -> Plan.NOTHING;
    };
  }

  private boolean leavesNoTrace(Pod pod) {
    PodStatus known = pod.getStatus();
    return reclaimed || (known != null && "Evicted".equals(known.getReason()));
  }
}
