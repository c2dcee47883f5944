package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.concurrent.CompletableFuture;

/** A bound claim grows only where its storage class says that it can. */
public final class PersistentVolumeClaimResize implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("storageclasses", "storage.k8s.io");

  @Override
  public String name() {
    return "PersistentVolumeClaimResize";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() == AdmissionRequest.Operation.UPDATE
        && request.isAbout("persistentvolumeclaims");
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    if (size(request.object()).compareTo(size(request.before())) <= 0) {
      return Admission.DONE;
    }
    if (!Trees.text(request.before(), "status", "phase").equals("Bound")) {
      throw request.target().forbidden("Only bound persistent volume claims can be expanded");
    }
    if (!classAllows(request)) {
      throw request
          .target()
          .forbidden(
              "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }
    return Admission.DONE;
  }

  private static Quantity size(ObjectNode claim) {
    String size = Trees.text(claim, "spec", "resources", "requests", "storage");
    return Quantity.parse(size.isEmpty() ? "0" : size);
  }

  private static boolean classAllows(AdmissionRequest request) {
    String name = Trees.text(request.object(), "spec", "storageClassName");
    return !name.isEmpty()
        && request
            .state()
            .get(new ObjectKey(CLASSES, "", name))
            .map(stored -> stored.tree().path("allowVolumeExpansion").asBoolean(false))
            .orElse(false);
  }
}
