package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.PodIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The labels that tell whose a sandbox or container is. They are the only memory the agent has of
 * what it made: a restarted agent finds its pods by them, and a containerd that serves others as
 * well keeps them apart. Tools such as crictl read the {@code io.kubernetes} ones.
 *
 * @param owner which agent's, unique among those that share a containerd
 */
record Ownership(String owner) {

  private static final String OWNER = "shiplog.dev/owner";
  private static final String POD_NAME = "io.kubernetes.pod.name";
  private static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  private static final String POD_UID = "io.kubernetes.pod.uid";
  private static final String CONTAINER_NAME = "io.kubernetes.container.name";

  /** Annotation: the image as the pod names it; containerd itself reports one of its own names. */
  private static final String IMAGE = "shiplog.dev/image";

  Map<String, String> sandboxLabels(PodIdentity pod, Map<String, String> labels) {
    var all = new HashMap<>(labels);
    all.put(OWNER, owner);
    all.put(POD_NAME, pod.name());
    all.put(POD_NAMESPACE, pod.namespace());
    all.put(POD_UID, pod.uid());
    return all;
  }

  Map<String, String> containerLabels(
      PodIdentity pod, String container, Map<String, String> labels) {
    Map<String, String> all = sandboxLabels(pod, labels);
    all.put(CONTAINER_NAME, container);
    return all;
  }

  static Map<String, String> containerAnnotations(String image, Map<String, String> annotations) {
    var all = new HashMap<>(annotations);
    all.put(IMAGE, image);
    return all;
  }

  /** What the spec gave, without what was added here. */
  static Map<String, String> without(Map<String, String> labelsOrAnnotations) {
    var rest = new HashMap<>(labelsOrAnnotations);
    rest.keySet().removeAll(Set.of(OWNER, POD_NAME, POD_NAMESPACE, POD_UID, CONTAINER_NAME, IMAGE));
    return rest;
  }

  static PodIdentity pod(Map<String, String> labels) {
    return new PodIdentity(
        labels.getOrDefault(POD_UID, ""),
        labels.getOrDefault(POD_NAMESPACE, ""),
        labels.getOrDefault(POD_NAME, ""));
  }

  static String image(Map<String, String> annotations, String otherwise) {
    return annotations.getOrDefault(IMAGE, otherwise);
  }

  boolean owns(Map<String, String> labels) {
    return owner.equals(labels.get(OWNER));
  }

  Cri.PodSandboxFilter sandboxes() {
    return Cri.PodSandboxFilter.newBuilder().putLabelSelector(OWNER, owner).build();
  }

  Cri.PodSandboxFilter sandboxes(String podUid) {
    return sandboxes().toBuilder().putLabelSelector(POD_UID, podUid).build();
  }

  Cri.ContainerFilter containers() {
    return Cri.ContainerFilter.newBuilder().putLabelSelector(OWNER, owner).build();
  }

  Cri.ContainerFilter containers(String podUid) {
    return containers().toBuilder().putLabelSelector(POD_UID, podUid).build();
  }

  Cri.ContainerStatsFilter stats() {
    return Cri.ContainerStatsFilter.newBuilder().putLabelSelector(OWNER, owner).build();
  }
}
