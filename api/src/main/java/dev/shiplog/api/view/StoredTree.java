package dev.shiplog.api.view;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.io.IOException;

/**
 * A stored object as a tree, and where in its bytes the resourceVersion stands, in one pass. A
 * start reads every object there is: managedFields, often the larger part of its nodes and of no
 * use to those who index, are left out.
 */
final class StoredTree {

  private static final String METADATA = "metadata";
  private static final String RESOURCE_VERSION = "resourceVersion";
  private static final String MANAGED_FIELDS = "managedFields";

  private final JsonParser parser;
  private final ObjectNode tree = Json.MAPPER.createObjectNode();
  private int revisionAt = -1;
  private String revision = "";

  private StoredTree(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Reads an object.
   *
   * @throws IOException if it is no JSON object with a resourceVersion
   */
  static StoredTree of(byte[] bytes) throws IOException {
    try (JsonParser parser = Json.MAPPER.createParser(bytes)) {
      StoredTree read = new StoredTree(parser);
      read.readObject();
      if (read.revisionAt < 0) {
        throw new IOException("there is no resourceVersion");
      }
      return read;
    }
  }

  ObjectNode tree() {
    return tree;
  }

  /** Where the digits of the resourceVersion begin. */
  int revisionAt() {
    return revisionAt;
  }

  /** The digits. */
  String revision() {
    return revision;
  }

  private void readObject() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("it is no JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(METADATA) && value == JsonToken.START_OBJECT) {
        readMetadata(tree.putObject(METADATA));
      } else {
        tree.set(name, (JsonNode) Json.MAPPER.readTree(parser));
      }
    }
  }

  private void readMetadata(ObjectNode metadata) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(MANAGED_FIELDS)) {
        parser.skipChildren();
        continue;
      }
      if (name.equals(RESOURCE_VERSION) && value == JsonToken.VALUE_STRING) {
        revisionAt = (int) parser.currentTokenLocation().getByteOffset() + 1;
        revision = parser.getText();
      }
      metadata.set(name, (JsonNode) Json.MAPPER.readTree(parser));
    }
  }
}
