package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.SchemaFixtures.defaulted;
import static dev.shiplog.api.schema.SchemaFixtures.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.StatusCause;
import java.util.List;

/** Validates manifests as users write them and gives what is wrong, one line each. */
final class ValidationFixtures {

  private ValidationFixtures() {}

  static List<String> created(String path, String manifest) {
    return lines(
        Validation.builtIn().ofCreate(resource(path), named(path, defaulted(path, manifest))));
  }

  static List<String> updated(String path, String old, String manifest) {
    return updated(path, "", old, manifest);
  }

  /** Through the subresource of that name. */
  static List<String> updated(String path, String part, String old, String manifest) {
    return lines(
        Validation.builtIn()
            .ofUpdate(
                resource(path),
                part,
                named(path, defaulted(path, manifest)),
                named(path, defaulted(path, old))));
  }

  /** Name and namespace where the manifest has none: most tests are not about them. */
  private static ObjectNode named(String path, ObjectNode object) {
    ResourceType type = resource(path);
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    if (!metadata.has("name") && !metadata.has("generateName")) {
      metadata.put("name", "a");
    }
    if (type.namespaced() && !metadata.has("namespace")) {
      metadata.put("namespace", "default");
    }
    return object;
  }

  private static List<String> lines(List<StatusCause> causes) {
    return causes.stream().map(c -> c.field() + ": " + c.message()).toList();
  }
}
