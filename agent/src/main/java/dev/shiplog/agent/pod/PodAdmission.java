package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.admission.Admission;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Whether the node takes the pod, decided once. One that an earlier run of the agent took up stays,
 * however the node is now. State belongs to the pod's worker.
 */
final class PodAdmission {

  private final Admission admission;
  private final PodShare share;
  private boolean decided;

  /** What was taken up before has its share from the beginning, so that no other pod gets it. */
  PodAdmission(Pod pod, Admission admission, PodShare share) {
    this.admission = admission;
    this.share = share;
    boolean over = PodSpecs.hasEnded(pod);
    boolean takenUp = PodReports.startTime(pod).isPresent();
    decided = over || takenUp;
    if (takenUp && !over) {
      share.hold(pod);
    }
  }

  boolean isDecided() {
    return decided;
  }

  /**
   * Decides, and says why the node does not take the pod, if so.
   *
   * @param seen what the runtime has of it: the API server may not have heard of it
   */
  Optional<Words> refusal(Pod pod, Seen seen) {
    decided = true;
    if (!seen.sandboxes().isEmpty()) {
      share.hold(pod);
      return Optional.empty();
    }
    return admission.refusal(pod).or(() -> share.take(pod));
  }
}
