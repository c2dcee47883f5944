package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.List;

/**
 * Nothing is created of a custom resource that is not defined or whose definition is being deleted,
 * so that a definition's last object is the last one; and a namespace stays until the custom
 * resources in it are gone, which only the API knows to be there.
 */
public final class CustomResourceRule implements CommitRule {

  private static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");
  private static final String OPEN = "open=";

  @Override
  public String name() {
    return "custom-resource";
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return !resource.uid().isEmpty()
        || resource.equals(Definition.RESOURCE)
        || resource.equals(NAMESPACES);
  }

  @Override
  public boolean completes(StorageResource resource) {
    return false;
  }

  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode object) {
    boolean open =
        resource.equals(Definition.RESOURCE)
            && !object.path("metadata").hasNonNull("deletionTimestamp");
    return open ? List.of(OPEN + object.path("metadata").path("uid").asText()) : List.of();
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    StorageResource resource = key.resource();
    if (resource.equals(NAMESPACES) && after == null) {
      requireEmpty(state, key);
    } else if (!resource.uid().isEmpty() && before == null) {
      boolean open = !state.byIndex(Definition.RESOURCE, name(), OPEN + resource.uid()).isEmpty();
      if (!open) {
        throw Failures.failure(
            Reason.METHOD_NOT_ALLOWED,
            "create not allowed while custom resource definition is terminating",
            null);
      }
    }
  }

  private static void requireEmpty(Snapshot state, ObjectKey namespace) {
    for (StorageResource resource : state.resources()) {
      if (!resource.uid().isEmpty() && state.count(resource, namespace.name()) > 0) {
        throw Failures.conflict(
            "",
            "namespaces",
            namespace.name(),
            "it still holds " + resource.qualifiedName() + ", which are being deleted");
      }
    }
  }
}
