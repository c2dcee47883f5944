package dev.shiplog.api.view;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns trees into stored bytes and stored bytes into objects, with the attributes that indexer and
 * commit rules ask for. Any thread.
 */
public final class ObjectCodec {

  private static final String METADATA = "metadata";
  private static final String RESOURCE_VERSION = "resourceVersion";

  private final ObjectIndexer indexer;
  private final List<CommitRule> rules;

  public ObjectCodec(ObjectIndexer indexer, Collection<CommitRule> rules) {
    this.indexer = indexer;
    this.rules = List.copyOf(rules);
  }

  /** Encodes an object; the resourceVersion it has, if any, is left out. */
  public ObjectTemplate encode(ObjectKey key, String keyText, ObjectNode object) {
    Attributes attributes = attributes(key.resource(), object);
    try (ByteArrayBuilder out = new ByteArrayBuilder(2048);
        JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      int revisionAt = -1;
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        json.writeFieldName(field.getKey());
        if (field.getKey().equals(METADATA) && field.getValue() instanceof ObjectNode metadata) {
          revisionAt = writeMetadata(metadata, json, out);
        } else {
          json.writeTree(field.getValue());
        }
      }
      if (revisionAt < 0) {
        json.writeFieldName(METADATA);
        revisionAt = writeMetadata(Json.MAPPER.createObjectNode(), json, out);
      }
      json.writeEndObject();
      json.flush();
      return new ObjectTemplate(key, keyText, out.toByteArray(), revisionAt, 0, attributes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads stored bytes.
   *
   * @throws UncheckedIOException if they are no JSON object with a resourceVersion
   */
  public EncodedObject decode(ObjectKey key, String keyText, byte[] bytes) {
    try {
      StoredTree read = StoredTree.of(bytes);
      return new EncodedObject(
          key,
          keyText,
          Long.parseLong(read.revision()),
          bytes,
          read.revisionAt(),
          read.revision().length(),
          attributes(key.resource(), read.tree()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "stored object " + key.resource() + " " + key.text() + ": " + e.getMessage(), e);
    }
  }

  /** Reads the next state of an object, sharing what did not change with the one before. */
  public EncodedObject decode(ObjectKey key, String keyText, byte[] bytes, EncodedObject before) {
    EncodedObject object = decode(key, keyText, bytes);
    return before == null ? object : object.sharing(before);
  }

  private Attributes attributes(StorageResource resource, ObjectNode object) {
    Map<String, List<String>> ruleValues = new HashMap<>();
    Map<String, Map<String, Quantity>> weights = new HashMap<>();
    for (CommitRule rule : rules) {
      if (rule.concerns(resource)) {
        Collection<String> values = rule.indexed(resource, object);
        if (!values.isEmpty()) {
          ruleValues.put(rule.name(), List.copyOf(values));
          Map<String, Quantity> weight = rule.weighed(resource, object);
          if (!weight.isEmpty()) {
            weights.put(rule.name(), Map.copyOf(weight));
          }
        }
      }
    }
    return Attributes.of(object, indexer.fields(resource, object), ruleValues, weights);
  }

  /** Writes metadata with an empty resourceVersion; returns where its digits go. */
  private static int writeMetadata(ObjectNode metadata, JsonGenerator json, ByteArrayBuilder out)
      throws IOException {
    int revisionAt = -1;
    json.writeStartObject();
    for (Map.Entry<String, JsonNode> field : metadata.properties()) {
      if (field.getKey().equals(RESOURCE_VERSION)) {
        revisionAt = writeEmptyRevision(json, out);
      } else {
        json.writeFieldName(field.getKey());
        json.writeTree(field.getValue());
      }
    }
    if (revisionAt < 0) {
      revisionAt = writeEmptyRevision(json, out);
    }
    json.writeEndObject();
    return revisionAt;
  }

  private static int writeEmptyRevision(JsonGenerator json, ByteArrayBuilder out)
      throws IOException {
    json.writeStringField(RESOURCE_VERSION, "");
    json.flush();
    return out.size() - 1;
  }
}
