package dev.shiplog.streams.controllers.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** A short text that differs between documents, almost always, whatever order their fields have. */
public final class CanonicalHash {

  private CanonicalHash() {}

  /**
   * The text, fit for a label and as part of a name.
   *
   * @param collisions how many times it failed to differ
   */
  public static String of(JsonNode document, int collisions) {
    StringBuilder canonical = new StringBuilder();
    append(canonical, document);
    if (collisions > 0) {
      canonical.append('#').append(collisions);
    }
    byte[] bytes = canonical.toString().getBytes(StandardCharsets.UTF_8);
    return NameSuffixes.encode(Integer.toUnsignedString(fnv1a(bytes)));
  }

  private static void append(StringBuilder text, JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      text.append('{');
      fields.forEach((name, value) -> {
        text.append(name).append(':');
        append(text, value);
      });
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      node.forEach(element -> append(text, element));
      text.append(']');
    } else {
      text.append(node).append(',');
    }
  }

  private static int fnv1a(byte[] bytes) {
    int hash = 0x811c9dc5;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return hash;
  }
}
