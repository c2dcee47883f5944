package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A claim that names no storage class gets the default one; of several the youngest. One that names
 * the empty class wants none.
 */
public final class DefaultStorageClass implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("storageclasses", "storage.k8s.io");
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final String WAS_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";
  private static final String OLD_FIELD = "volume.beta.kubernetes.io/storage-class";

  @Override
  public String name() {
    return "DefaultStorageClass";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.creates("persistentvolumeclaims");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode claim = request.object();
    boolean says =
        !Trees.absent(claim, "spec", "storageClassName")
            || !Trees.absent(claim, "metadata", "annotations", OLD_FIELD);
    if (!says) {
      chosen(request.state())
          .ifPresent(name -> Trees.child(claim, "spec").put("storageClassName", name));
    }
    return Admission.DONE;
  }

  private static Optional<String> chosen(Snapshot state) {
    return Listed.in(state, CLASSES, "")
        .map(StoredObject::tree)
        .filter(DefaultStorageClass::isDefault)
        .min(
            Comparator.comparing((ObjectNode c) -> Meta.text(c, "creationTimestamp"))
                .reversed()
                .thenComparing(Meta::name))
        .map(Meta::name);
  }

  private static boolean isDefault(ObjectNode storageClass) {
    return isTrue(storageClass, IS_DEFAULT) || isTrue(storageClass, WAS_DEFAULT);
  }

  private static boolean isTrue(ObjectNode object, String annotation) {
    return Trees.text(object, "metadata", "annotations", annotation).equals("true");
  }
}
