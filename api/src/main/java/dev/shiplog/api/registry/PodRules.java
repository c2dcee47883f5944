package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.QosClasses;
import java.util.OptionalLong;

/**
 * Pods: a new one is Pending; one that is deleted while it may run on a node stays until its node
 * has ended it, for at most its grace period, and then deletes it with a grace of 0.
 */
final class PodRules implements ResourceRules {

  @Override
  public void prepareForCreate(ObjectNode pod) {
    pod.putObject("status").put("phase", "Pending");
  }

  @Override
  public void settle(ObjectNode pod) {
    pod.withObject("/status").put("qosClass", QosClasses.ofSpec(pod.path("spec")));
  }

  @Override
  public void prepareForStatusUpdate(ObjectNode pod, ObjectNode before) {
    Meta.copy(before, pod, "ownerReferences");
    Meta.copyField(before.withObject("/status"), pod.withObject("/status"), "qosClass");
  }

  @Override
  public OptionalLong gracePeriodSeconds(ObjectNode pod, OptionalLong requestedSeconds) {
    String phase = pod.path("status").path("phase").asText("");
    boolean bound = !pod.path("spec").path("nodeName").asText("").isEmpty();
    if (!bound || phase.equals("Succeeded") || phase.equals("Failed")) {
      return OptionalLong.of(0);
    }
    long seconds =
        requestedSeconds.orElse(pod.path("spec").path("terminationGracePeriodSeconds").asLong(0));
    return OptionalLong.of(seconds < 0 ? 1 : seconds);
  }
}
