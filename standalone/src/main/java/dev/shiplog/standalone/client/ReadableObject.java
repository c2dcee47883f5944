package dev.shiplog.standalone.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects as people want to read and compare them: without what the system keeps for itself. */
public final class ReadableObject {

  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .build());

  private static final List<String> KEPT_BY_SYSTEM =
      List.of("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp");

  /** What tools and controllers note for themselves. */
  private static final List<String> NOTES =
      List.of(
          "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision");

  private static final int CONTEXT_LINES = 3;

  private ReadableObject() {}

  /**
   * What differs, as a unified diff; empty if nothing does.
   *
   * @param from null if it is not there
   * @param to null if it is not there
   * @param fromName what the object is called as it was
   */
  public static List<String> diff(JsonNode from, JsonNode to, String fromName, String toName) {
    List<String> before = lines(from);
    return UnifiedDiffUtils.generateUnifiedDiff(
        fromName, toName, before, DiffUtils.diff(before, lines(to)), CONTEXT_LINES);
  }

  /** The same without its status. */
  public static JsonNode withoutStatus(JsonNode object) {
    return ((ObjectNode) object).without("status");
  }

  private static List<String> lines(JsonNode object) {
    if (object == null || object.isMissingNode()) {
      return List.of();
    }
    try {
      return YAML.writeValueAsString(readable((ObjectNode) object)).lines().toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Without what the system keeps for itself, and without a Secret's contents. */
  static ObjectNode readable(ObjectNode object) {
    ObjectNode readable = object.deepCopy();
    if (readable.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(KEPT_BY_SYSTEM);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(NOTES);
        if (annotations.isEmpty()) {
          metadata.remove("annotations");
        }
      }
    }
    if (readable.path("kind").asText().equals("Secret")
        && readable.path("data") instanceof ObjectNode data) {
      data.properties().forEach(entry -> entry.setValue(hidden(data, entry.getValue())));
    }
    return readable;
  }

  /** Says whether a value is another one without saying which. */
  private static JsonNode hidden(ObjectNode nodes, JsonNode value) {
    byte[] bytes = Base64.getDecoder().decode(value.asText());
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return nodes.textNode(
          "hidden, " + bytes.length + " bytes, " + HexFormat.of().formatHex(digest, 0, 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The fields that differ, with their values, status and what the system keeps aside.
   *
   * @return path, then what it was and is
   */
  public static Map<String, String> changedFields(JsonNode before, JsonNode after) {
    Map<String, String> was = leaves(before);
    Map<String, String> is = leaves(after);
    Map<String, String> changed = new TreeMap<>();
    is.forEach((path, value) -> {
      String old = was.get(path);
      if (!value.equals(old)) {
        changed.put(path, old == null ? "+ " + value : old + " → " + value);
      }
    });
    was.forEach((path, value) -> {
      if (!is.containsKey(path)) {
        changed.put(path, "- " + value);
      }
    });
    return changed;
  }

  private static Map<String, String> leaves(JsonNode object) {
    Map<String, String> leaves = new TreeMap<>();
    if (object instanceof ObjectNode node) {
      ObjectNode readable = readable(node);
      readable.remove("status");
      collect("", readable, leaves);
    }
    return leaves;
  }

  private static void collect(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(field ->
              collect(
                  path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                  field.getValue(),
                  into));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        String name = node.get(i).path("name").asText("");
        collect(
            path + "[" + (name.isEmpty() ? Integer.toString(i) : name) + "]", node.get(i), into);
      }
    } else {
      into.put(path, shortened(node.asText()));
    }
  }

  private static String shortened(String text) {
    String line = text.replace('\n', '⏎');
    return line.length() <= 40 ? line : line.substring(0, 39) + "…";
  }
}
