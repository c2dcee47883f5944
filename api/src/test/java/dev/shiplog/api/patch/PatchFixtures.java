package dev.shiplog.api.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.shiplog.api.schema.SchemaFixtures;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.types.TypeDefinition;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Trees and patches written as YAML. */
final class PatchFixtures {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private PatchFixtures() {}

  static TypeDefinition type(String path) {
    return Target.of(SchemaFixtures.resource(path)).type();
  }

  static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the patch makes of the object; fails if the object itself changes. */
  static ObjectNode patched(PatchType patchType, String path, String object, String patch) {
    ObjectNode tree = (ObjectNode) yaml(object);
    ObjectNode before = tree.deepCopy();
    Patch parsed = Patch.parse(patchType, yaml(patch).toString().getBytes(StandardCharsets.UTF_8));
    ObjectNode result = parsed.applyTo(tree, type(path));
    if (!tree.equals(before) || !parsed.applyTo(tree, type(path)).equals(result)) {
      throw new AssertionError("applying the patch changed the object or the patch");
    }
    return result;
  }
}
