package dev.shiplog.api.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * A namespace that begins to end while other servers serve parts of the API stays until they hold
 * nothing of it any more, which {@link NamespaceRun} finds out. Like the namespace controller's
 * own, this name is in {@code spec.finalizers}, so that whoever may write {@code finalize} can let
 * the namespace go all the same.
 */
public final class ExtensionFinalizer implements CommitRule {

  static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");
  private static final String NAME = "shiplog.dev/extensions";
  private static final String ELSEWHERE = "elsewhere";

  @Override
  public String name() {
    return "extension-content";
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(NAMESPACES) || resource.equals(ExtensionApis.RESOURCE);
  }

  @Override
  public boolean completes(StorageResource resource) {
    return resource.equals(NAMESPACES);
  }

  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode object) {
    return resource.equals(ExtensionApis.RESOURCE) && !Trees.absent(object, "spec", "service")
        ? List.of(ELSEWHERE)
        : List.of();
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (!key.resource().equals(NAMESPACES) || before == null || after == null) {
      return;
    }
    boolean begins = isEnding(after) && !isEnding(before.tree()) && !isIn(after);
    if (begins && !state.byIndex(ExtensionApis.RESOURCE, name(), ELSEWHERE).isEmpty()) {
      after.withObject("/spec").withArray("/finalizers").add(NAME);
    }
  }

  private static boolean isEnding(ObjectNode namespace) {
    return !Trees.absent(namespace, "metadata", "deletionTimestamp");
  }

  static boolean isIn(ObjectNode namespace) {
    return Trees.texts(namespace, "spec", "finalizers").contains(NAME);
  }

  static void takeOutOf(ObjectNode namespace) {
    ArrayNode finalizers = namespace.withObject("/spec").withArray("/finalizers");
    Iterator<JsonNode> all = finalizers.iterator();
    while (all.hasNext()) {
      if (all.next().asText().equals(NAME)) {
        all.remove();
      }
    }
  }
}
