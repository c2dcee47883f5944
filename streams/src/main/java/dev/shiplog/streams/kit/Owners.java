package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** Owner references. */
public final class Owners {

  private Owners() {}

  /** The owner reference with {@code controller: true}. */
  public static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(reference -> Boolean.TRUE.equals(reference.getController()))
        .findFirst();
  }

  public static boolean isControlledBy(HasMetadata object, String uid) {
    return controllerOf(object).filter(reference -> reference.getUid().equals(uid)).isPresent();
  }

  /** A reference that makes {@code owner} the controller and lets it block on its dependents. */
  public static OwnerReference controllerReference(ResourceType<?> type, HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(type.apiVersion())
        .withKind(type.kind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
