package dev.shiplog.streams.controllers.daemonset;

import dev.shiplog.streams.controllers.history.RevisionHistory;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.pod.PodTemplates;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Daemons: pods that only one node will do for, and that stay when a node is in trouble. */
final class DaemonPods {

  private static final String GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";
  private static final String GENERATION_LABEL = "pod-template-generation";
  private static final String NODE_NAME_FIELD = "metadata.name";

  /** What a daemon stands beside what its template says: taint, effect. */
  private static final List<Map.Entry<String, String>> STANDS =
      List.of(
          Map.entry("node.kubernetes.io/not-ready", "NoExecute"),
          Map.entry("node.kubernetes.io/unreachable", "NoExecute"),
          Map.entry("node.kubernetes.io/disk-pressure", "NoSchedule"),
          Map.entry("node.kubernetes.io/memory-pressure", "NoSchedule"),
          Map.entry("node.kubernetes.io/pid-pressure", "NoSchedule"),
          Map.entry("node.kubernetes.io/unschedulable", "NoSchedule"));

  private DaemonPods() {}

  /** The template's spec as a daemon has it, but for the node. */
  static PodSpec spec(DaemonSet set) {
    PodSpec spec = set.getSpec().getTemplate().getSpec();
    List<Toleration> tolerations = new ArrayList<>(spec.getTolerations());
    STANDS.forEach(taint -> add(tolerations, taint.getKey(), taint.getValue()));
    if (Boolean.TRUE.equals(spec.getHostNetwork())) {
      add(tolerations, "node.kubernetes.io/network-unavailable", "NoSchedule");
    }
    return new PodSpecBuilder(spec).withTolerations(tolerations).build();
  }

  private static void add(List<Toleration> tolerations, String key, String effect) {
    Toleration toleration =
        new TolerationBuilder().withKey(key).withOperator("Exists").withEffect(effect).build();
    if (!tolerations.contains(toleration)) {
      tolerations.add(toleration);
    }
  }

  static Pod pod(DaemonSet set, String node, String hash, String name) {
    Pod pod =
        new PodBuilder(
                PodTemplates.pod(set.getSpec().getTemplate(), ResourceTypes.DAEMON_SETS, set, name))
            .editMetadata()
            .addToLabels(RevisionHistory.HASH_LABEL, hash)
            .endMetadata()
            .withSpec(spec(set))
            .build();
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    if (annotations != null && annotations.containsKey(GENERATION_ANNOTATION)) {
      pod.getMetadata().getLabels().put(GENERATION_LABEL, annotations.get(GENERATION_ANNOTATION));
    }
    pod.getSpec().setAffinity(onlyOn(node, pod.getSpec().getAffinity()));
    return pod;
  }

  /** The node was chosen with the template's own terms in mind, so those give way. */
  private static Affinity onlyOn(String node, Affinity affinity) {
    NodeSelectorTerm term =
        new NodeSelectorTermBuilder()
            .addNewMatchField()
            .withKey(NODE_NAME_FIELD)
            .withOperator("In")
            .withValues(node)
            .endMatchField()
            .build();
    return new AffinityBuilder(affinity == null ? new Affinity() : affinity)
        .editOrNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withNodeSelectorTerms(term)
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .build();
  }

  /** The node a daemon is on or made for. */
  static Optional<String> nodeOf(Pod pod) {
    if (PodStates.isScheduled(pod)) {
      return Optional.of(pod.getSpec().getNodeName());
    }
    return Optional.ofNullable(pod.getSpec().getAffinity())
        .map(Affinity::getNodeAffinity)
        .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
        .stream()
        .flatMap(required -> required.getNodeSelectorTerms().stream())
        .flatMap(term -> term.getMatchFields().stream())
        .filter(field -> NODE_NAME_FIELD.equals(field.getKey()) && field.getValues().size() == 1)
        .map(field -> field.getValues().getFirst())
        .findFirst();
  }

  static boolean hasHash(Pod pod, String hash) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && hash.equals(labels.get(RevisionHistory.HASH_LABEL));
  }
}
