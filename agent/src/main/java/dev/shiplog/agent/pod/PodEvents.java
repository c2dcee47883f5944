package dev.shiplog.agent.pod;

import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.events.Severity;
import dev.shiplog.agent.pod.plan.PodSpecs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;

/** Events about pods and their containers, in the kubelet's words. Any thread; never blocks. */
final class PodEvents {

  private final EventRecorder recorder;

  PodEvents(EventRecorder recorder) {
    this.recorder = recorder;
  }

  void normal(Pod pod, String reason, String message) {
    recorder.record(reference(pod).build(), Severity.NORMAL, reason, message);
  }

  void warning(Pod pod, String reason, String message) {
    recorder.record(reference(pod).build(), Severity.WARNING, reason, message);
  }

  void normal(Pod pod, Container container, String reason, String message) {
    recorder.record(reference(pod, container), Severity.NORMAL, reason, message);
  }

  void warning(Pod pod, Container container, String reason, String message) {
    recorder.record(reference(pod, container), Severity.WARNING, reason, message);
  }

  private static ObjectReference reference(Pod pod, Container container) {
    return reference(pod)
        .withFieldPath("spec." + list(pod, container) + "{" + container.getName() + "}")
        .build();
  }

  private static String list(Pod pod, Container container) {
    if (PodSpecs.isEphemeral(pod, container.getName())) {
      return "ephemeralContainers";
    }
    return PodSpecs.isInit(pod, container) ? "initContainers" : "containers";
  }

  private static ObjectReferenceBuilder reference(Pod pod) {
    var meta = pod.getMetadata();
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion());
  }
}
