package dev.shiplog.streams.controllers.autoscaling;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;

/**
 * What an autoscaler scales.
 *
 * @param type its resource
 * @param object it, or at least its metadata
 * @param replicas how many it is told to have
 * @param observedReplicas how many it says it has
 * @param pods selects them
 */
record ScaleTarget(
    ResourceType<?> type,
    HasMetadata object,
    int replicas,
    int observedReplicas,
    LabelSelector pods) {

  /** Tells it to have that many. */
  CommandRequest scaleTo(int wanted) {
    var patch = KubernetesJson.object();
    patch.putObject("spec").put("replicas", wanted);
    return Commands.patchSubresource(type, "scale", object, patch);
  }
}
