package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

/** An ingress that names no class gets the default one; of several the youngest. */
public final class DefaultIngressClass implements AdmissionPlugin {

  private static final StorageResource CLASSES =
      StorageResource.of("ingressclasses", "networking.k8s.io");
  private static final String IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";
  private static final String OLD_FIELD = "kubernetes.io/ingress.class";

  @Override
  public String name() {
    return "DefaultIngressClass";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.creates("ingresses.networking.k8s.io");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode ingress = request.object();
    boolean says =
        !Trees.absent(ingress, "spec", "ingressClassName")
            || !Trees.absent(ingress, "metadata", "annotations", OLD_FIELD);
    if (!says) {
      Listed.in(request.state(), CLASSES, "")
          .map(StoredObject::tree)
          .filter(c -> Trees.text(c, "metadata", "annotations", IS_DEFAULT).equals("true"))
          .min(
              Comparator.comparing((ObjectNode c) -> Meta.text(c, "creationTimestamp"))
                  .reversed()
                  .thenComparing(Meta::name))
          .ifPresent(c -> Trees.child(ingress, "spec").put("ingressClassName", Meta.name(c)));
    }
    return Admission.DONE;
  }
}
