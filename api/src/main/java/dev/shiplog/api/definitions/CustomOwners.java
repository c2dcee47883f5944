package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Owners and dependents as one state has them, and what follows for an object of which either side
 * is a custom resource. Objects among built-in resources are the garbage collector's, which follows
 * their topics. Pure; one state, one thread.
 */
final class CustomOwners {

  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final Snapshot state;
  private final ResourceCatalogue catalogue;

  CustomOwners(Snapshot state, ResourceCatalogue catalogue) {
    this.state = state;
    this.catalogue = catalogue;
  }

  /** What is to be done for an object. */
  sealed interface Verdict {

    /** Nothing. */
    record Keep() implements Verdict {}

    /** It has lost all its owners. */
    record Remove(boolean foreground) implements Verdict {}

    /** It becomes this tree: an owner or a finalizer less. */
    record Change(StoredObject object, ObjectNode next) implements Verdict {}

    /** Its dependents are to be looked at; then it is looked at again. */
    record Await(List<StoredObject> dependents) implements Verdict {}
  }

  /** The verdicts for one object; a dependent that is orphaned with its owner has its own. */
  List<Verdict> judge(ObjectKey key) {
    Optional<StoredObject> found = state.get(key);
    if (found.isEmpty()) {
      return List.of();
    }
    StoredObject object = found.get();
    ObjectNode tree = object.tree();
    if (isEnding(tree)) {
      return isCustom(key.resource()) ? end(object, tree) : List.of();
    }
    return object.ownerUids().isEmpty() ? List.of() : List.of(collect(object, tree));
  }

  List<StoredObject> dependents(String uid) {
    List<StoredObject> dependents = new ArrayList<>();
    for (StorageResource resource : state.resources()) {
      dependents.addAll(state.byIndex(resource, Snapshot.Indexes.OWNER, uid));
    }
    return dependents;
  }

  private List<Verdict> end(StoredObject object, ObjectNode tree) {
    List<String> finalizers = Trees.texts(tree, "metadata", "finalizers");
    List<StoredObject> dependents = dependents(object.uid());
    if (finalizers.contains(ORPHAN)) {
      if (dependents.isEmpty()) {
        return List.of(withoutFinalizer(object, tree, ORPHAN));
      }
      List<Verdict> verdicts = new ArrayList<>();
      dependents.forEach(one -> verdicts.add(withoutOwner(one, object.uid())));
      verdicts.add(new Verdict.Await(List.of()));
      return verdicts;
    }
    if (!finalizers.contains(FOREGROUND)) {
      return List.of();
    }
    boolean blocked = dependents.stream().anyMatch(one -> blocks(one, object.uid()));
    return List.of(
        blocked ? new Verdict.Await(dependents) : withoutFinalizer(object, tree, FOREGROUND));
  }

  private Verdict collect(StoredObject object, ObjectNode tree) {
    boolean concerned = isCustom(object.key().resource());
    boolean solid = false;
    boolean waiting = false;
    List<String> lost = new ArrayList<>();
    for (JsonNode reference : tree.at("/metadata/ownerReferences")) {
      Optional<ResourceType> type = type(reference);
      concerned |= type.isPresent() && type.get().custom().isPresent();
      Optional<StoredObject> owner = type.flatMap(t -> owner(t, object, reference));
      if (type.isEmpty()) {
        solid = true; // of a kind that is not known: nothing can be said against it
      } else if (owner.isEmpty()) {
        lost.add(Trees.text(reference, "uid"));
      } else if (waits(owner.get())) {
        waiting = true;
        lost.add(Trees.text(reference, "uid"));
      } else {
        solid = true;
      }
    }
    if (!concerned || lost.isEmpty()) {
      return new Verdict.Keep();
    }
    if (solid) {
      return withoutOwners(object, tree, lost);
    }
    return new Verdict.Remove(waiting && !dependents(object.uid()).isEmpty());
  }

  /** Versions of a kind share their objects, so any that is served will do. */
  private Optional<ResourceType> type(JsonNode reference) {
    String apiVersion = Trees.text(reference, "apiVersion");
    String kind = Trees.text(reference, "kind");
    String group = GroupVersion.parse(apiVersion).group();
    return catalogue
        .findByKind(apiVersion, kind)
        .or(() ->
            catalogue.all().stream()
                .filter(type -> type.group().equals(group) && type.kind().equals(kind))
                .findFirst())
        .filter(type -> type.storage().isPresent());
  }

  private Optional<StoredObject> owner(
      ResourceType type, StoredObject dependent, JsonNode reference) {
    String namespace = type.namespaced() ? dependent.key().namespace() : "";
    return state
        .get(new ObjectKey(type.storage().orElseThrow(), namespace, Trees.text(reference, "name")))
        .filter(owner -> owner.uid().equals(Trees.text(reference, "uid")));
  }

  private static boolean waits(StoredObject owner) {
    ObjectNode tree = owner.tree();
    return isEnding(tree) && Trees.texts(tree, "metadata", "finalizers").contains(FOREGROUND);
  }

  private static boolean blocks(StoredObject dependent, String uid) {
    for (JsonNode reference : dependent.tree().at("/metadata/ownerReferences")) {
      if (Trees.text(reference, "uid").equals(uid)) {
        return reference.path("blockOwnerDeletion").asBoolean(false);
      }
    }
    return false;
  }

  private static Verdict withoutFinalizer(StoredObject object, ObjectNode tree, String finalizer) {
    return without(object, tree, "finalizers", one -> one.asText().equals(finalizer));
  }

  private static Verdict withoutOwner(StoredObject dependent, String uid) {
    return withoutOwners(dependent, dependent.tree(), List.of(uid));
  }

  private static Verdict withoutOwners(StoredObject object, ObjectNode tree, List<String> uids) {
    return without(object, tree, "ownerReferences", one -> uids.contains(Trees.text(one, "uid")));
  }

  private static Verdict without(
      StoredObject object, ObjectNode tree, String list, Predicate<JsonNode> unwanted) {
    ObjectNode metadata = Trees.child(tree, "metadata");
    ArrayNode items = Trees.list(metadata, list);
    for (int i = items.size() - 1; i >= 0; i--) {
      if (unwanted.test(items.get(i))) {
        items.remove(i);
      }
    }
    if (items.isEmpty()) {
      metadata.remove(list);
    }
    return new Verdict.Change(object, tree);
  }

  static boolean isEnding(JsonNode tree) {
    return !Trees.absent(tree, "metadata", "deletionTimestamp");
  }

  static boolean isCustom(StorageResource resource) {
    return !resource.uid().isEmpty();
  }
}
