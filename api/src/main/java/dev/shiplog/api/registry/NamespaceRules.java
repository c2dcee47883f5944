package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Namespaces: one that is deleted stays, Terminating, until the namespace controller has removed
 * its content and takes its name out of {@code spec.finalizers} (through {@code finalize}).
 */
final class NamespaceRules implements ResourceRules {

  private static final String FINALIZER = "kubernetes";

  @Override
  public void prepareForCreate(ObjectNode namespace) {
    ObjectNode spec = namespace.withObject("/spec");
    ArrayNode finalizers = spec.withArray("/finalizers");
    boolean present = false;
    for (JsonNode finalizer : finalizers) {
      present |= finalizer.asText().equals(FINALIZER);
    }
    if (!present) {
      finalizers.add(FINALIZER);
    }
    namespace.putObject("status").put("phase", "Active");
  }

  @Override
  public void prepareForUpdate(ObjectNode namespace, ObjectNode before) {
    Meta.copyField(before.withObject("/spec"), namespace.withObject("/spec"), "finalizers");
  }

  @Override
  public void prepareForDeletion(ObjectNode namespace) {
    namespace.withObject("/status").put("phase", "Terminating");
    // It goes when it is empty; there is no time for it to go in.
    Meta.of(namespace).remove("deletionGracePeriodSeconds");
  }

  @Override
  public boolean holdsBackRemoval(ObjectNode namespace) {
    return !namespace.path("spec").path("finalizers").isEmpty();
  }
}
