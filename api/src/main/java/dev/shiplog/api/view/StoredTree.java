package dev.shiplog.api.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.JsonBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A stored object as a tree, and where in its bytes the resourceVersion stands. A start reads every
 * object there is: managedFields, often the larger part of its nodes and of no use to those who
 * index, are left out.
 *
 * @param revisionAt where the digits of the resourceVersion begin
 * @param revision the digits
 */
record StoredTree(ObjectNode tree, int revisionAt, String revision) {

  private static final String METADATA = "metadata";
  private static final String RESOURCE_VERSION = "resourceVersion";
  private static final String MANAGED_FIELDS = "managedFields";

  /** Names in managedFields hold what one object alone has; this one remembers no names. */
  private static final ObjectMapper FORGETFUL =
      new ObjectMapper(
          JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build());

  /**
   * Reads an object.
   *
   * @throws IOException if it is no JSON object with a resourceVersion
   */
  static StoredTree of(byte[] bytes) throws IOException {
    if (!(Json.MAPPER.readTree(JsonBytes.withoutManagedFields(bytes)) instanceof ObjectNode tree)) {
      throw new IOException("it is no JSON object");
    }
    Optional<String> revision = JsonBytes.text(bytes, METADATA, RESOURCE_VERSION);
    if (revision.isEmpty()) {
      throw new IOException("there is no resourceVersion");
    }
    int quote = JsonBytes.startOf(bytes, METADATA, RESOURCE_VERSION);
    return new StoredTree(tree, quote + 1, revision.get());
  }

  /** All of an object. */
  static ObjectNode whole(byte[] bytes) {
    ObjectNode tree = content(bytes);
    JsonBytes.json(bytes, METADATA, MANAGED_FIELDS)
        .ifPresent(
            managed -> ((ObjectNode) tree.get(METADATA)).set(MANAGED_FIELDS, forgetfully(managed)));
    return tree;
  }

  /** All but managedFields. */
  static ObjectNode content(byte[] bytes) {
    return Json.read(JsonBytes.withoutManagedFields(bytes), ObjectNode.class);
  }

  private static JsonNode forgetfully(String json) {
    try {
      return FORGETFUL.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
