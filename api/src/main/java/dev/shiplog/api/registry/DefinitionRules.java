package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.List;

/**
 * CustomResourceDefinitions: one that is deleted stays until its objects are gone, and remembers
 * every version its objects were ever stored in.
 */
public final class DefinitionRules implements ResourceRules {

  /** Holds back a definition until its objects are gone. */
  public static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

  @Override
  public void prepareForCreate(ObjectNode definition) {
    // A client that waits for a condition wants a list to look into, though it be empty.
    definition.putObject("status").putArray("conditions");
    rememberStoredVersion(definition);
  }

  @Override
  public void prepareForUpdate(ObjectNode definition, ObjectNode before) {
    rememberStoredVersion(definition);
  }

  @Override
  public List<String> finalizersOfDeletion() {
    return List.of(FINALIZER);
  }

  @Override
  public void prepareForDeletion(ObjectNode definition) {
    // It goes when its objects are gone; there is no time for it to go in.
    Meta.of(definition).remove("deletionGracePeriodSeconds");
  }

  private static void rememberStoredVersion(ObjectNode definition) {
    for (ObjectNode version : Trees.objects(definition, "spec", "versions")) {
      String name = Trees.text(version, "name");
      boolean storage = version.path("storage").asBoolean(false);
      if (storage && !Trees.texts(definition, "status", "storedVersions").contains(name)) {
        Trees.list(Trees.child(definition, "status"), "storedVersions").add(name);
      }
    }
  }
}
