package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** TestObjects for tests of the view. */
final class TestObjects {

  static final StorageResource PODS = StorageResource.of("pods", "");

  private TestObjects() {}

  static ObjectCodec codec(CommitRule... rules) {
    return new ObjectCodec(
        (_, object) -> Map.of("spec.nodeName", object.at("/spec/nodeName").asText("")),
        List.of(rules));
  }

  static ObjectKey key(String name) {
    return new ObjectKey(PODS, "default", name);
  }

  static EncodedObject pod(String name, long revision, String content) {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.putObject("metadata").put("name", name).put("resourceVersion", "7");
    tree.putObject("spec").put("content", content);
    return encode(key(name), tree).at(revision);
  }

  static ObjectTemplate encode(ObjectKey key, ObjectNode tree) {
    return codec().encode(key, key.text(), tree);
  }

  static ObjectNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
  }
}
