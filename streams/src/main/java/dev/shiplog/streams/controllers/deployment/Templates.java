package dev.shiplog.streams.controllers.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.NameSuffixes;
import dev.shiplog.streams.kit.KubernetesJson;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Pod templates compared and named. */
final class Templates {

  static final String HASH_LABEL = "pod-template-hash";

  private Templates() {}

  /** Equal but for the label that a Deployment adds. */
  static boolean same(PodTemplateSpec one, PodTemplateSpec other) {
    return withoutHash(one).equals(withoutHash(other));
  }

  private static JsonNode withoutHash(PodTemplateSpec template) {
    ObjectNode tree = KubernetesJson.tree(template);
    if (tree.at("/metadata/labels") instanceof ObjectNode labels) {
      labels.remove(HASH_LABEL);
    }
    return tree;
  }

  /**
   * A short text that differs between templates, almost always.
   *
   * @param collisions how many times that failed for this Deployment
   */
  static String hash(PodTemplateSpec template, int collisions) {
    StringBuilder canonical = new StringBuilder();
    appendCanonical(canonical, withoutHash(template));
    if (collisions > 0) {
      canonical.append('#').append(collisions);
    }
    byte[] bytes = canonical.toString().getBytes(StandardCharsets.UTF_8);
    return NameSuffixes.encode(Integer.toUnsignedString(fnv1a(bytes)));
  }

  /** JSON with the fields in order, whatever order they were stored in. */
  private static void appendCanonical(StringBuilder text, JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      text.append('{');
      fields.forEach((name, value) -> {
        text.append(name).append(':');
        appendCanonical(text, value);
      });
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      node.forEach(element -> appendCanonical(text, element));
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
