package dev.shiplog.api.admission.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.node.PodReferences;
import dev.shiplog.api.access.node.Reference;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Set;

/**
 * The only pods that a node creates: images of what runs on it without the API's doing. They name
 * nothing of the cluster, since a node could read through them what it may not.
 */
final class MirrorPods {

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final StorageResource NODES = StorageResource.of("nodes", "");

  /** Some of them refer to what is made later, or to what is not asked for by name. */
  private static final Set<String> REFERRING_VOLUMES =
      Set.of("secret", "configMap", "persistentVolumeClaim", "projected", "ephemeral", "csi");

  private MirrorPods() {}

  static void check(AdmissionRequest request, String node) {
    ObjectNode pod = request.object();
    if (Trees.absent(pod, "metadata", "annotations", MIRROR)) {
      throw refused(
          request,
          "pod does not have \"%s\" annotation, node \"%s\" can only create mirror pods"
              .formatted(MIRROR, node));
    }
    if (!Trees.text(pod, "spec", "nodeName").equals(node)) {
      throw NodeRestriction.refused(request, node, "pods with spec.nodeName set to itself");
    }
    owners(request, node, Trees.objects(pod, "metadata", "ownerReferences"));
    references(request, node);
  }

  private static void owners(AdmissionRequest request, String node, List<ObjectNode> owners) {
    boolean own =
        owners.size() == 1
            && Trees.text(owners.getFirst(), "kind").equals("Node")
            && Trees.text(owners.getFirst(), "apiVersion").equals("v1")
            && Trees.text(owners.getFirst(), "name").equals(node)
            && owners.getFirst().path("controller").asBoolean(false)
            && !owners.getFirst().path("blockOwnerDeletion").asBoolean(false);
    if (!own) {
      throw refused(
          request,
          "node \"%s\" can only create pods with a single controller owner reference set to itself"
              .formatted(node));
    }
    String uid =
        request.state().get(new ObjectKey(NODES, "", node)).map(StoredObject::uid).orElse("");
    if (!uid.equals(Trees.text(owners.getFirst(), "uid"))) {
      throw refused(
          request,
          "node %s UID mismatch: expected %s got %s"
              .formatted(node, uid, Trees.text(owners.getFirst(), "uid")));
    }
  }

  /** The Node authorizer would let the node read whatever the pod refers to. */
  private static void references(AdmissionRequest request, String node) {
    ObjectNode pod = request.object();
    JsonNode spec = pod.path("spec");
    String what =
        PodReferences.ofPod(pod, request.target().namespace(), request.target().name()).stream()
            .map(Reference::kind)
            .sorted()
            .findFirst()
            .orElse("");
    for (ObjectNode volume : Trees.objects(spec, "volumes")) {
      what = REFERRING_VOLUMES.stream().filter(volume::hasNonNull).findFirst().orElse(what);
    }
    if (!Trees.empty(spec, "resourceClaims")) {
      what = "resource claims";
    }
    if (!what.isEmpty()) {
      throw refused(
          request, "node \"%s\" can not create pods that reference %s".formatted(node, what));
    }
  }

  private static ApiFailure refused(AdmissionRequest request, String why) {
    return request.target().forbidden(why);
  }
}
