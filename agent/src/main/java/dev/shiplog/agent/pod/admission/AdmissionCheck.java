package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** Something that a pod has to meet. Any thread. */
@FunctionalInterface
interface AdmissionCheck {

  /** Why the node does not take the pod, if so. */
  Optional<Words> refusal(Pod pod);
}
