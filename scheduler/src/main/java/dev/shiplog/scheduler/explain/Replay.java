package dev.shiplog.scheduler.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.cycle.DecisionMark;
import dev.shiplog.scheduler.cycle.Explainer;
import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.NodeReader;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.scheduler.model.SelectorReader;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.model.Workloads;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Explains a decision from the objects as they were when it was made. Nothing of a decision is
 * recorded but which state it came from; the log has the rest.
 *
 * @param profile the plugins that decided
 */
public record Replay(History history, Profile profile) {

  private static final String PODS = "/api/v1/pods";

  /**
   * Explains where a pod would go.
   *
   * @param podJson the pod; if it is bound, it is taken to be pending
   * @param podsRevision as of which pods count
   * @param othersRevision as of which everything else does
   * @param mark of the decision that is explained, if there was one: what had been decided before
   *     it and was not in the log yet counts too
   */
  public Explanation explain(
      JsonNode podJson, long podsRevision, long othersRevision, Optional<DecisionMark> mark) {
    Pod pod = PodReader.read(pending(podJson));
    Cluster cluster = new Cluster();
    addNamespaces(cluster, othersRevision);
    addWorkloads(cluster.workloads(), othersRevision);
    addVolumes(cluster, othersRevision);
    history
        .list("/api/v1/nodes", othersRevision)
        .forEach(node -> cluster.putNode(NodeReader.read(node)));
    history.list(PODS, podsRevision).forEach(other -> add(PodReader.read(other), pod, cluster));
    mark.ifPresent(decision -> addDecidedBefore(decision, pod, cluster));
    return new Explainer(profile, cluster).explain(pod);
  }

  private static JsonNode pending(JsonNode pod) {
    ObjectNode copy = pod.deepCopy();
    copy.withObject("/spec").remove("nodeName");
    return copy;
  }

  private static void add(Pod other, Pod pod, Cluster cluster) {
    if (!other.key().equals(pod.key())) {
      cluster.putPod(other);
    }
  }

  /** Those of the same run with a lower number, wherever they stand now. */
  private void addDecidedBefore(DecisionMark mark, Pod pod, Cluster cluster) {
    for (JsonNode json : history.list(PODS, History.NOW)) {
      Optional<DecisionMark> other = DecisionMark.of(json);
      boolean before =
          other.isPresent()
              && other.get().run().equals(mark.run())
              && other.get().number() < mark.number();
      Pod read = before ? PodReader.read(json) : null;
      boolean shown =
          read == null || cluster.pod(read.key()).map(known -> known.isBound()).orElse(true);
      if (!shown) {
        add(read, pod, cluster);
      }
    }
  }

  private void addNamespaces(Cluster cluster, long revision) {
    for (JsonNode namespace : history.list("/api/v1/namespaces", revision)) {
      Map<String, String> labels = new HashMap<>();
      namespace
          .at("/metadata/labels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      cluster.putNamespace(name(namespace), labels);
    }
  }

  private void addWorkloads(Workloads workloads, long revision) {
    for (JsonNode each : history.list("/api/v1/services", revision)) {
      workloads.putService(
          namespace(each), name(each), SelectorReader.labels(each.at("/spec/selector")));
    }
    for (JsonNode each : history.list("/api/v1/replicationcontrollers", revision)) {
      LabelSelector selector = LabelSelector.of(SelectorReader.labels(each.at("/spec/selector")));
      workloads.putOwner("ReplicationController", namespace(each), name(each), selector);
    }
    for (String plural : new String[] {"replicasets", "statefulsets"}) {
      String kind = plural.equals("replicasets") ? "ReplicaSet" : "StatefulSet";
      for (JsonNode each : history.list("/apis/apps/v1/" + plural, revision)) {
        workloads.putOwner(
            kind,
            namespace(each),
            name(each),
            SelectorReader.labelSelector(each.at("/spec/selector")));
      }
    }
  }

  private void addVolumes(Cluster cluster, long revision) {
    var volumes = cluster.volumes();
    String storage = "/apis/storage.k8s.io/v1/";
    each(
        "/api/v1/persistentvolumeclaims",
        revision,
        (key, json) -> volumes.putClaim(key, VolumeReader.claim(json)));
    each(
        "/api/v1/persistentvolumes",
        revision,
        (key, json) -> volumes.putVolume(key, VolumeReader.volume(json)));
    each(
        storage + "storageclasses",
        revision,
        (key, json) -> volumes.putClass(key, VolumeReader.storageClass(json)));
    each(
        storage + "csidrivers",
        revision,
        (key, json) -> volumes.putDriver(key, VolumeReader.tellsCapacity(json)));
    each(
        storage + "csinodes",
        revision,
        (key, json) -> volumes.putLimits(key, VolumeReader.limits(json)));
    each(
        storage + "csistoragecapacities",
        revision,
        (key, json) -> volumes.putCapacity(key, VolumeReader.capacity(json)));
  }

  private void each(String path, long revision, BiConsumer<String, JsonNode> consumer) {
    for (JsonNode json : history.list(path, revision)) {
      String namespace = namespace(json);
      consumer.accept(namespace.isEmpty() ? name(json) : namespace + "/" + name(json), json);
    }
  }

  private static String namespace(JsonNode object) {
    return object.at("/metadata/namespace").asText();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }
}
