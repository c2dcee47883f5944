package dev.shiplog.api.patch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A patch that was read once and may be applied again and again, as it is when an object changes
 * meanwhile. Immutable; any thread.
 */
public sealed interface Patch permits JsonPatch, MergePatch, StrategicMergePatch {

  /**
   * Reads a patch.
   *
   * @throws ApiFailure 400 if it is none of that type, 413 if it has too many operations
   */
  static Patch parse(PatchType type, byte[] body) {
    JsonNode json = Parsing.read(body);
    return switch (type) {
      case JSON -> JsonPatch.of(json);
      case MERGE -> new MergePatch(Parsing.object(json));
      case STRATEGIC_MERGE -> new StrategicMergePatch(Parsing.object(json));
    };
  }

  /**
   * What the patch makes of an object; the object itself stays as it is.
   *
   * @param type the object's type; only a strategic merge patch looks at it
   * @throws ApiFailure 422 if the patch does not fit the object, 400 if it is malformed
   */
  ObjectNode applyTo(ObjectNode object, TypeDefinition type);

  /** Reading of bodies, with the same bounds that objects have. */
  final class Parsing {

    private static final int DEEPEST = 500;
    private static final ObjectMapper MAPPER =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Parsing() {}

    static JsonNode read(byte[] body) {
      try {
        return MAPPER.readTree(body);
      } catch (JacksonException e) {
        throw Failures.badRequest("error decoding patch: " + e.getOriginalMessage());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static ObjectNode object(JsonNode json) {
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw Failures.badRequest("error decoding patch: it must be a JSON object");
    }
  }
}
