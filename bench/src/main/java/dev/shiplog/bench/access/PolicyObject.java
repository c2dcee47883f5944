package dev.shiplog.bench.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A role or a binding as the store would hand it out. */
record PolicyObject(ObjectNode object) implements StoredObject {

  private static final String GROUP = "rbac.authorization.k8s.io";

  static PolicyObject binding(int number, boolean ofUser) {
    ObjectNode binding = Json.MAPPER.createObjectNode();
    binding.put("apiVersion", GROUP + "/v1").put("kind", "RoleBinding");
    binding.putObject("metadata").put("namespace", "ns-" + number).put("name", "binding-" + number);
    binding.putObject("roleRef").put("kind", "ClusterRole").put("name", "system:aggregate-to-edit");
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", ofUser ? "User" : "Group")
        .put("name", ofUser ? "user-" + number : "developers");
    return new PolicyObject(binding);
  }

  @Override
  public ObjectKey key() {
    return new ObjectKey(
        StorageResource.of(object.get("kind").asText().toLowerCase(Locale.ROOT) + "s", GROUP),
        object.at("/metadata/namespace").asText(""),
        object.at("/metadata/name").asText());
  }

  @Override
  public long revision() {
    return 1;
  }

  @Override
  public String uid() {
    return key().text();
  }

  @Override
  public Map<String, String> labels() {
    return Map.of();
  }

  @Override
  public Map<String, String> fields() {
    return Map.of();
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
    return object;
  }
}
