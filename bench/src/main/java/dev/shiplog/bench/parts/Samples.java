package dev.shiplog.bench.parts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Optional;

/** ConfigMaps with 1 KB of data, as the load on the whole product uses them. */
final class Samples {

  static final StorageResource MAPS = StorageResource.of("configmaps", "");
  static final ObjectCodec CODEC = new ObjectCodec(new Registry().fields(), List.of());

  private Samples() {}

  static ObjectKey key(long number) {
    return new ObjectKey(MAPS, "load", "cm-" + number);
  }

  static ObjectNode object(long number) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("kind", "ConfigMap").put("apiVersion", "v1");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", "cm-" + number).put("namespace", "load");
    metadata.put("uid", "5f0c1d4e-0000-4000-8000-" + number);
    metadata.put("creationTimestamp", "2026-01-02T03:04:05Z");
    metadata.putObject("labels").put("app", "load").put("v", "0");
    object.putObject("data").put("payload", "x".repeat(1024));
    return object;
  }

  static EncodedObject encoded(long number, long revision) {
    ObjectKey key = key(number);
    return CODEC.encode(key, key.text(), object(number)).at(revision);
  }

  static Origin origin() {
    return new Origin(
        "0b6ea2f5-3bb1-4e1c-9b52-0a8a0c9f2f11",
        "create",
        "/api/v1/namespaces/load/configmaps",
        UserInfo.of("admin", "system:masters", "system:authenticated"),
        List.of("127.0.0.1"),
        "bench/1",
        0,
        Optional.empty());
  }
}
