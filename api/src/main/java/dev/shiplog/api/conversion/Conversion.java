package dev.shiplog.api.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Converts objects of the resources that are served in more than one version. Versions of a custom
 * resource convert as their definition says.
 */
public final class Conversion {

  private record Pair(UnaryOperator<ObjectNode> toServed, UnaryOperator<ObjectNode> toStored) {}

  private static final Map<String, Pair> BY_SERVED_FORM =
      Map.of(
          "events.events.k8s.io/v1", new Pair(EventConversion::fromCore, EventConversion::toCore),
          "horizontalpodautoscalers.autoscaling/v1",
              new Pair(AutoscalerConversion::toV1, AutoscalerConversion::fromV1));

  private Conversion() {}

  /** What a client of the type gets to see. The argument is used up. */
  public static ObjectNode toServed(ResourceType type, ObjectNode stored) {
    if (type.custom().isPresent()) {
      return type.servesStoredBytes() ? stored : type.custom().get().toServed(stored);
    }
    return type.servedAsStored()
        ? stored
        : typed(pair(type).toServed().apply(stored), type.groupVersion(), type.kind());
  }

  /** What is stored of what a client of the type sent. The argument is used up. */
  public static ObjectNode toStored(ResourceType type, ObjectNode served) {
    if (type.custom().isPresent()) {
      return type.custom().get().toStored(served, type.storageVersion());
    }
    return type.servedAsStored()
        ? served
        : typed(pair(type).toStored().apply(served), type.storageVersion(), type.kind());
  }

  private static Pair pair(ResourceType type) {
    Pair pair = BY_SERVED_FORM.get(type.toString());
    if (pair == null) {
      throw new IllegalStateException("no conversion between " + type + " and its stored form");
    }
    return pair;
  }

  private static ObjectNode typed(ObjectNode object, GroupVersion version, String kind) {
    return object.put("apiVersion", version.apiVersion()).put("kind", kind);
  }

  static void rename(ObjectNode object, String from, String to) {
    if (object.has(from)) {
      object.set(to, object.remove(from));
    }
  }
}
