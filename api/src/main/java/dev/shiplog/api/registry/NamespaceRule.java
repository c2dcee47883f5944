package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Optional;

/**
 * Nothing is created in a namespace that does not exist or that is being deleted. Checked where
 * commits are decided, so that no object slips in behind the namespace's last content.
 */
public final class NamespaceRule implements CommitRule {

  public static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");

  @Override
  public String name() {
    return "namespace";
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return true;
  }

  @Override
  public boolean completes(StorageResource resource) {
    return false;
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (before == null && !key.namespace().isEmpty()) {
      requireOpen(state, key);
    }
  }

  /**
   * Refuses a creation that the rule would refuse.
   *
   * @throws ApiFailure {@code NotFound} of the namespace, or {@code Forbidden} while it terminates
   */
  public static void requireOpen(Snapshot state, ObjectKey key) {
    Optional<StoredObject> namespace = state.get(new ObjectKey(NAMESPACES, "", key.namespace()));
    if (namespace.isEmpty()) {
      throw Failures.notFound("", "namespaces", key.namespace());
    }
    if ("Terminating".equals(namespace.get().fields().get("status.phase"))) {
      throw terminating(key);
    }
  }

  private static ApiFailure terminating(ObjectKey key) {
    String namespace = key.namespace();
    return new ApiFailure(
        Reason.FORBIDDEN,
        Reason.FORBIDDEN.code(),
        "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
            .formatted(key.resource().qualifiedName(), key.name(), namespace),
        ApiFailure.Subject.of(key.resource().group(), key.resource().plural(), key.name()),
        List.of(
            new StatusCause(
                "NamespaceTerminating",
                "namespace " + namespace + " is being terminated",
                "metadata.namespace")),
        0);
  }
}
