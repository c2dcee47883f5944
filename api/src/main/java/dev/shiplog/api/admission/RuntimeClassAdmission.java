package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A pod takes over what its runtime class costs beside it, and on which nodes that runs. */
public final class RuntimeClassAdmission implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("runtimeclasses", "node.k8s.io");

  @Override
  public String name() {
    return "RuntimeClass";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.creates("pods");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode spec = Trees.child(request.object(), "spec");
    String name = Trees.text(spec, "runtimeClassName");
    if (!name.isEmpty()) {
      ObjectNode found = runtimeClass(request, name);
      setOverhead(request, spec, found);
      setPlace(request, spec, found.path("scheduling"));
    }
    return Admission.DONE;
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    JsonNode spec = request.object().path("spec");
    if (Trees.text(spec, "runtimeClassName").isEmpty() && !Trees.empty(spec, "overhead")) {
      throw request
          .target()
          .forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass Overhead");
    }
    return Admission.DONE;
  }

  private static ObjectNode runtimeClass(AdmissionRequest request, String name) {
    return request
        .state()
        .get(new ObjectKey(CLASSES, "", name))
        .orElseThrow(() ->
            request.target().forbidden("pod rejected: RuntimeClass \"" + name + "\" not found"))
        .tree();
  }

  private static void setOverhead(AdmissionRequest request, ObjectNode spec, ObjectNode found) {
    JsonNode overhead = Trees.at(found, "overhead", "podFixed");
    if (!Trees.empty(spec, "overhead") && !spec.get("overhead").equals(overhead)) {
      throw request
          .target()
          .forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    if (!overhead.isEmpty()) {
      spec.set("overhead", overhead.deepCopy());
    }
  }

  private static void setPlace(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
    for (Map.Entry<String, JsonNode> label : scheduling.path("nodeSelector").properties()) {
      ObjectNode selector = Trees.child(spec, "nodeSelector");
      JsonNode own = selector.get(label.getKey());
      if (own != null && !own.equals(label.getValue())) {
        throw request
            .target()
            .forbidden(
                "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                    .formatted(
                        label.getKey(), label.getValue().asText(), label.getKey(), own.asText()));
      }
      selector.set(label.getKey(), label.getValue());
    }
    for (JsonNode toleration : scheduling.path("tolerations")) {
      addIfNew(Trees.list(spec, "tolerations"), toleration);
    }
  }

  private static void addIfNew(ArrayNode tolerations, JsonNode added) {
    for (JsonNode known : tolerations) {
      if (known.equals(added)) {
        return;
      }
    }
    tolerations.add(added.deepCopy());
  }
}
