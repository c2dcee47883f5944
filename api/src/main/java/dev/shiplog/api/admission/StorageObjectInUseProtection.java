package dev.shiplog.api.admission;

import dev.shiplog.api.registry.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Volumes and claims stay while they are in use: controllers take the finalizer off after that. */
public final class StorageObjectInUseProtection implements AdmissionPlugin {

  private static final Map<String, String> FINALIZERS =
      Map.of(
          "persistentvolumes", "kubernetes.io/pv-protection",
          "persistentvolumeclaims", "kubernetes.io/pvc-protection");

  @Override
  public String name() {
    return "StorageObjectInUseProtection";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() == AdmissionRequest.Operation.CREATE
        && request.target().subresource().isEmpty()
        && FINALIZERS.containsKey(request.target().type().qualifiedName());
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    String finalizer = FINALIZERS.get(request.target().type().qualifiedName());
    List<String> finalizers = new ArrayList<>(Meta.finalizers(request.object()));
    if (!finalizers.contains(finalizer)) {
      finalizers.add(finalizer);
      Meta.setFinalizers(request.object(), finalizers);
    }
    return Admission.DONE;
  }
}
