package dev.shiplog.streams.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patches, RFC 7386. */
public final class MergePatch {

  public static final String MEDIA_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** The smallest patch that makes {@code after} of {@code before}; empty if they are equal. */
  public static ObjectNode between(JsonNode before, JsonNode after) {
    ObjectNode patch = KubernetesJson.object();
    before
        .fieldNames()
        .forEachRemaining(name -> {
          if (!after.has(name)) {
            patch.putNull(name);
          }
        });
    after
        .properties()
        .forEach(field -> addDifference(patch, field.getKey(), before, field.getValue()));
    return patch;
  }

  private static void addDifference(
      ObjectNode patch, String name, JsonNode before, JsonNode after) {
    JsonNode old = before.get(name);
    if (after.equals(old)) {
      return;
    }
    boolean merge = old != null && old.isObject() && after.isObject();
    patch.set(name, merge ? between(old, after) : after);
  }

  /** The target with the patch applied; the target itself is not changed. */
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result =
        target != null && target.isObject() ? target.deepCopy() : KubernetesJson.object();
    patch
        .properties()
        .forEach(field -> {
          if (field.getValue().isNull()) {
            result.remove(field.getKey());
          } else {
            result.set(field.getKey(), apply(result.get(field.getKey()), field.getValue()));
          }
        });
    return result;
  }
}
