package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * A pod that wants another kind of node. Labels come and go, so before a pod is refused for them
 * the cluster is asked for those of now; where it cannot be asked, the pod is taken: whoever sent
 * it here knew more.
 */
record PlacementCheck(NodeLabels labels) implements AdmissionCheck {

  private static final Words MISPLACED =
      new Words(
          "NodeAffinity",
          "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");

  @Override
  public Optional<Words> refusal(Pod pod) {
    NodeDemands demands = NodeDemands.of(pod);
    boolean misplaced =
        !demands.areMetBy(labels.node(), labels.known())
            && labels.read().filter(now -> !demands.areMetBy(labels.node(), now)).isPresent();
    return misplaced ? Optional.of(MISPLACED) : Optional.empty();
  }
}
