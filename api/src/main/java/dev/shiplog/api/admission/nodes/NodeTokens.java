package dev.shiplog.api.admission.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node gets tokens for pods that run on it, that die with the pod, and for whom the pod wants
 * them: else it could speak for its pods to servers that they have nothing to do with.
 */
record NodeTokens(Authorizer authorizer) {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource CLAIMS = StorageResource.of("persistentvolumeclaims", "");
  private static final StorageResource VOLUMES = StorageResource.of("persistentvolumes", "");
  private static final StorageResource DRIVERS = StorageResource.of("csidrivers", "storage.k8s.io");
  private static final String MAY_ASK = "request-serviceaccounts-token-audience";

  void check(AdmissionRequest request, String node) {
    JsonNode bound = Trees.at(request.object(), "spec", "boundObjectRef");
    if (!Trees.text(bound, "kind").equals("Pod") || Trees.empty(bound, "name")) {
      throw request.target().forbidden("node requested token not bound to a pod");
    }
    StoredObject pod = pod(request, bound);
    if (!node.equals(pod.fields().get("spec.nodeName"))) {
      throw request
          .target()
          .forbidden("node requested token bound to a pod scheduled on a different node");
    }
    if (!request.target().name().equals(pod.fields().get("spec.serviceAccountName"))) {
      throw request
          .target()
          .forbidden("node requested token for a service account that the pod does not run as");
    }
    audience(request, pod);
  }

  private static StoredObject pod(AdmissionRequest request, JsonNode bound) {
    String uid = Trees.text(bound, "uid");
    if (uid.isEmpty()) {
      throw request.target().forbidden("node requested token with a pod binding without a uid");
    }
    ObjectKey key = new ObjectKey(PODS, request.target().namespace(), Trees.text(bound, "name"));
    return request
        .state()
        .get(key)
        .filter(found -> found.uid().equals(uid))
        .orElseThrow(() ->
            request
                .target()
                .forbidden(
                    "the UID in the bound object reference (%s) does not match the UID in record"
                        .formatted(uid)));
  }

  private void audience(AdmissionRequest request, StoredObject pod) {
    List<String> audiences = Trees.texts(request.object(), "spec", "audiences");
    if (audiences.size() > 1) {
      throw request.target().forbidden("node may only request 0 or 1 audiences");
    }
    // None stands for the API server's own, as it does in a volume.
    String audience = audiences.isEmpty() ? "" : audiences.getFirst();
    if (!wanted(pod, request.state()).contains(audience) && !mayAskFor(request, audience)) {
      throw request
          .target()
          .forbidden("audience \"%s\" not found in pod spec volume".formatted(audience));
    }
  }

  private boolean mayAskFor(AdmissionRequest request, String audience) {
    Attributes asked =
        new Attributes(
            MAY_ASK,
            "",
            "",
            audience,
            "",
            request.target().namespace(),
            request.target().name(),
            "");
    return !audience.isEmpty() && authorizer.authorize(request.caller().user(), asked).allowed();
  }

  /** For whom a pod wants tokens, by its volumes and the drivers that mount them. */
  private static Set<String> wanted(StoredObject stored, Snapshot state) {
    Set<String> audiences = new HashSet<>();
    ObjectNode pod = stored.tree();
    for (ObjectNode volume : Trees.objects(pod, "spec", "volumes")) {
      for (ObjectNode source : Trees.objects(volume, "projected", "sources")) {
        if (!Trees.absent(source, "serviceAccountToken")) {
          audiences.add(Trees.text(source, "serviceAccountToken", "audience"));
        }
      }
      driver(volume, stored.key(), state)
          .flatMap(name -> state.get(new ObjectKey(DRIVERS, "", name)))
          .ifPresent(found ->
              Trees.objects(found.tree(), "spec", "tokenRequests")
                  .forEach(request -> audiences.add(Trees.text(request, "audience"))));
    }
    return audiences;
  }

  private static Optional<String> driver(ObjectNode volume, ObjectKey pod, Snapshot state) {
    if (!Trees.absent(volume, "csi")) {
      return Optional.of(Trees.text(volume, "csi", "driver"));
    }
    String claim =
        Trees.absent(volume, "ephemeral")
            ? Trees.text(volume, "persistentVolumeClaim", "claimName")
            : pod.name() + "-" + Trees.text(volume, "name");
    return state
        .get(new ObjectKey(CLAIMS, pod.namespace(), claim))
        .map(found -> Trees.text(found.tree(), "spec", "volumeName"))
        .flatMap(name -> state.get(new ObjectKey(VOLUMES, "", name)))
        .map(found -> Trees.text(found.tree(), "spec", "csi", "driver"));
  }
}
