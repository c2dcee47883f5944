package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Index;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** Pods by the node they are bound to. */
final class PodsByNode {

  static final Index<Pod> INDEX =
      new Index<>(
          PODS,
          "node",
          pod -> PodStates.isScheduled(pod) ? List.of(pod.getSpec().getNodeName()) : List.of());

  private PodsByNode() {}
}
