package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.defaulting.Defaults;
import java.nio.charset.StandardCharsets;

/** What the tests of this package and its neighbours start from: manifests as users write them. */
public final class SchemaFixtures {

  private static final ObjectDecoder DECODER = new ObjectDecoder();

  private SchemaFixtures() {}

  /** A resource by its path, such as {@code apps/v1/deployments} or {@code v1/pods}. */
  public static ResourceType resource(String path) {
    int slash = path.lastIndexOf('/');
    GroupVersion groupVersion = GroupVersion.parse(path.substring(0, slash));
    return ResourceCatalogue.builtIn()
        .find(groupVersion.group(), groupVersion.version(), path.substring(slash + 1))
        .orElseThrow();
  }

  /** Decodes YAML, tolerating unknown fields without a word. */
  public static ObjectNode decoded(String path, String yaml) {
    return decode(path, yaml, FieldValidation.IGNORE).object();
  }

  public static Decoded decode(String path, String yaml, FieldValidation validation) {
    return DECODER.decode(
        yaml.getBytes(StandardCharsets.UTF_8), Syntax.YAML, Target.of(resource(path)), validation);
  }

  public static Decoded decodeJson(String path, String json, FieldValidation validation) {
    return DECODER.decode(
        json.getBytes(StandardCharsets.UTF_8), Syntax.JSON, Target.of(resource(path)), validation);
  }

  /** Decodes YAML and fills in defaults, as an object is when it is validated. */
  public static ObjectNode defaulted(String path, String yaml) {
    ObjectNode object = decoded(path, yaml);
    Defaults.builtIn().apply(resource(path), object);
    CanonicalForm.apply(Target.of(resource(path)).type(), object);
    return object;
  }
}
