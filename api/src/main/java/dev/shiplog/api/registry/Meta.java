package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes {@code metadata} of an object's tree. */
public final class Meta {

  private Meta() {}

  /** The object's metadata, made if it is missing. */
  public static ObjectNode of(ObjectNode object) {
    return object.get("metadata") instanceof ObjectNode metadata
        ? metadata
        : object.putObject("metadata");
  }

  /** A text of the metadata; empty if absent. */
  public static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  public static String name(JsonNode object) {
    return text(object, "name");
  }

  public static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  public static String uid(JsonNode object) {
    return text(object, "uid");
  }

  public static String resourceVersion(JsonNode object) {
    return text(object, "resourceVersion");
  }

  /** Zero if it has none. */
  public static long generation(JsonNode object) {
    return object.path("metadata").path("generation").asLong(0);
  }

  /** Whether its deletion was asked for. */
  public static boolean isDeleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  public static List<String> finalizers(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.path("metadata").path("finalizers").forEach(name -> names.add(name.asText()));
    return names;
  }

  public static void setFinalizers(ObjectNode object, List<String> finalizers) {
    if (finalizers.isEmpty()) {
      of(object).remove("finalizers");
    } else {
      ArrayNode array = of(object).putArray("finalizers");
      finalizers.forEach(array::add);
    }
  }

  /** Makes a field of one object's metadata what it is in another's, absent included. */
  public static void copy(ObjectNode from, ObjectNode to, String field) {
    copyField(of(from), of(to), field);
  }

  /** Makes a field of one tree what it is in another, absent included. */
  public static void copyField(ObjectNode from, ObjectNode to, String field) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value);
    }
  }
}
