package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Stored objects for tests of what is derived from them. */
public final class Objects {

  private Objects() {}

  /** What a tree would be in the store; its resource follows from its kind. */
  public static StoredObject stored(ObjectNode tree) {
    String apiVersion = tree.path("apiVersion").asText();
    int slash = apiVersion.indexOf('/');
    String plural = tree.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
    ObjectKey key =
        new ObjectKey(
            StorageResource.of(plural, slash < 0 ? "" : apiVersion.substring(0, slash)),
            tree.at("/metadata/namespace").asText(""),
            tree.at("/metadata/name").asText());
    return new Plain(key, tree);
  }

  public static StoredObject stored(String json) {
    return stored(Json.read(json.getBytes(StandardCharsets.UTF_8), ObjectNode.class));
  }

  private record Plain(ObjectKey key, ObjectNode object) implements StoredObject {
    @Override
    public long revision() {
      return 1;
    }

    @Override
    public String uid() {
      return key.text();
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }

    @Override
    public Map<String, String> fields() {
      return Map.of("spec.nodeName", object.at("/spec/nodeName").asText(""));
    }

    @Override
    public List<String> ownerUids() {
      return List.of();
    }

    @Override
    public byte[] bytes() {
      return Json.bytes(object);
    }

    @Override
    public ObjectNode tree() {
      return object.deepCopy();
    }
  }
}
