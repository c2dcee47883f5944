package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code metadata}, which every kind has. */
final class MetadataRules {

  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final int ANNOTATIONS_SIZE = 256 * 1024;

  private MetadataRules() {}

  static void validate(ObjectNode object, boolean namespaced, Names.Form names, Causes causes) {
    JsonNode metadata = at(object, "metadata");
    name(metadata, names, causes);
    namespace(metadata, namespaced, causes);
    if (metadata.path("generation").longValue() < 0) {
      causes.invalid(
          METADATA.child("generation"),
          metadata.get("generation"),
          "must be greater than or equal to 0");
    }
    Checks.labels(at(metadata, "labels"), METADATA.child("labels"), causes);
    annotations(at(metadata, "annotations"), causes);
    owners(metadata, causes);
    List<String> finalizers = texts(metadata, "finalizers");
    for (int i = 0; i < finalizers.size(); i++) {
      Checks.name(
          METADATA.child("finalizers").index(i), finalizers.get(i), Names::qualified, causes);
    }
  }

  /** What a client cannot change once the object is there. */
  static void validateUpdate(ObjectNode object, ObjectNode old, Causes causes) {
    if (!(object.get("metadata") instanceof ObjectNode metadata)
        || !(old.get("metadata") instanceof ObjectNode before)) {
      return;
    }
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      Checks.immutable(metadata, before, METADATA, field, causes);
    }
    if (metadata.path("generation").longValue() < before.path("generation").longValue()) {
      causes.invalid(
          METADATA.child("generation"), metadata.path("generation"), "must not be decremented");
    }
    finalizersOfDeleted(metadata, before, causes);
  }

  private static void name(JsonNode metadata, Names.Form names, Causes causes) {
    String prefix = text(metadata, "generateName");
    String name = text(metadata, "name");
    if (!prefix.isEmpty()) {
      // What is generated goes on after a trailing dash or dot, so those are no fault.
      String stem = prefix.replaceFirst("[-.]+$", "a");
      Checks.name(METADATA.child("generateName"), stem, names, causes);
    }
    if (name.isEmpty()) {
      causes.required(METADATA.child("name"), "name or generateName is required");
    } else {
      Checks.name(METADATA.child("name"), name, names, causes);
    }
  }

  private static void namespace(JsonNode metadata, boolean namespaced, Causes causes) {
    String namespace = text(metadata, "namespace");
    if (!namespaced && !namespace.isEmpty()) {
      causes.forbidden(METADATA.child("namespace"), "not allowed on this type");
    } else if (namespaced && namespace.isEmpty()) {
      causes.required(METADATA.child("namespace"));
    } else if (namespaced) {
      Checks.name(METADATA.child("namespace"), namespace, Names::label, causes);
    }
  }

  private static void annotations(JsonNode annotations, Causes causes) {
    FieldPath path = METADATA.child("annotations");
    int size = 0;
    for (Map.Entry<String, JsonNode> entry : annotations.properties()) {
      String key = entry.getKey();
      Checks.name(path, key, k -> Names.qualified(k.toLowerCase(Locale.ROOT)), causes);
      size += key.length() + entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    if (size > ANNOTATIONS_SIZE) {
      causes.tooLong(path, ANNOTATIONS_SIZE);
    }
  }

  private static void owners(JsonNode metadata, Causes causes) {
    FieldPath path = METADATA.child("ownerReferences");
    String controller = "";
    int i = 0;
    for (ObjectNode owner : objects(metadata, "ownerReferences")) {
      FieldPath item = path.index(i++);
      owner(owner, item, causes);
      if (owner.path("controller").booleanValue()) {
        if (!controller.isEmpty()) {
          causes.invalid(
              path,
              at(metadata, "ownerReferences"),
              "Only one reference can have Controller set to true. Found \"true\" in references"
                  + " for %s and %s".formatted(controller, name(owner)));
        }
        controller = name(owner);
      }
    }
  }

  private static String name(ObjectNode owner) {
    return text(owner, "kind") + "/" + text(owner, "name");
  }

  private static void owner(ObjectNode owner, FieldPath path, Causes causes) {
    GroupVersion version = GroupVersion.parse(text(owner, "apiVersion"));
    if (version.version().isEmpty()) {
      causes.invalid(path.child("apiVersion"), at(owner, "apiVersion"), "must not be empty");
    }
    for (String field : List.of("kind", "name", "uid")) {
      if (text(owner, field).isEmpty()) {
        causes.invalid(path.child(field), at(owner, field), "must not be empty");
      }
    }
    if (version.group().isEmpty() && text(owner, "kind").equals("Event")) {
      causes.invalid(path, owner, "events cannot own other objects");
    }
  }

  private static void finalizersOfDeleted(JsonNode metadata, JsonNode before, Causes causes) {
    if (absent(before, "deletionTimestamp")) {
      return;
    }
    List<String> added = texts(metadata, "finalizers");
    added.removeAll(texts(before, "finalizers"));
    if (!added.isEmpty()) {
      causes.forbidden(
          METADATA.child("finalizers"),
          "no new finalizers can be added if the object is being deleted, found new finalizers "
              + added);
    }
  }
}
