package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns bodies into objects of a type, and says what is wrong with those that are none. Stateless;
 * any thread. How large a body may be is checked before it comes here.
 */
public final class ObjectDecoder {

  private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;\\]]*; ");

  /** Deeper than any object of the API; keeps a hostile body from filling the stack. */
  private static final int DEEPEST = 500;

  private static final int LONGEST_TEXT = 16 * 1024 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .build();

  /**
   * Decodes a body.
   *
   * @throws ApiFailure 400 if it cannot be read, is of another kind or version, has a value of the
   *     wrong type or, where the client asked for {@link FieldValidation#STRICT}, an unknown or
   *     repeated field
   */
  public Decoded decode(byte[] body, Syntax syntax, Target target, FieldValidation validation) {
    Reading reading = new Reading(target, false);
    read(reading, body, syntax, target);
    return reading.finish(validation);
  }

  /**
   * Decodes a configuration to apply: nothing is in the result but what the body says, and what the
   * type does not know is always refused, since nobody could own it.
   *
   * @throws ApiFailure 400 as for {@link #decode}, and if the body does not say its kind and
   *     version
   */
  public Decoded decodeApplied(byte[] body, Target target) {
    Reading reading = new Reading(target, true);
    read(reading, body, Syntax.YAML, target);
    reading.requireTypeMeta();
    return reading.finish(FieldValidation.STRICT);
  }

  private static void read(Reading reading, byte[] body, Syntax syntax, Target target) {
    try {
      if (syntax == Syntax.YAML) {
        reading.read(YamlTrees.read(body).traverse());
      } else {
        try (JsonParser parser = JSON.createParser(body)) {
          reading.read(parser);
        }
      }
    } catch (JacksonException e) {
      throw unrecognized(target, syntax, reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      throw unrecognized(target, syntax, e.getMessage());
    }
  }

  /**
   * Checks and canonicalizes the tree that came of a patch. The tree itself stays as it is.
   *
   * @throws ApiFailure 422 on {@code patch} in place of the 400 of {@link #decode}
   */
  public Decoded checkPatched(ObjectNode patched, Target target, FieldValidation validation) {
    try {
      Reading reading = new Reading(target, false);
      reading.read(patched.traverse());
      String problem = reading.problem(validation);
      if (problem != null) {
        throw invalidPatch(patched, problem);
      }
      return reading.finish(validation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApiFailure invalidPatch(ObjectNode patched, String problem) {
    return Failures.invalid(
        "",
        "",
        "",
        List.of(
            new StatusCause(
                "FieldValueInvalid",
                "Invalid value: \"" + shortened(patched.toString()) + "\": " + problem,
                "patch")));
  }

  private static String shortened(String text) {
    return text.length() <= 1000 ? text : text.substring(0, 1000) + "…";
  }

  private static ApiFailure unrecognized(Target target, Syntax syntax, String why) {
    return Failures.badRequest(
        "the object provided is unrecognized (must be of type %s): %s parse error: %s"
            .formatted(target.kind(), syntax == Syntax.JSON ? "json" : "yaml", why));
  }

  private static String reason(JacksonException e) {
    // The parser would name its source, of which it knows nothing.
    String message = SOURCE.matcher(e.getOriginalMessage()).replaceAll("[");
    if (e.getLocation() == null) {
      return message;
    }
    return "%s (line %d, column %d)"
        .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  /** One body on its way to an object. */
  private static final class Reading {

    private final Target target;
    private final boolean sparse;
    private final Problems problems = new Problems();
    private ObjectNode object;

    Reading(Target target, boolean sparse) {
      this.target = target;
      this.sparse = sparse;
    }

    void read(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        String found = parser.currentToken() == null ? "nothing" : Scalars.describe(parser);
        throw Failures.badRequest(
            "the object provided is unrecognized (must be of type %s): it is no object but %s"
                .formatted(target.kind(), found));
      }
      object = content(parser);
      if (parser.nextToken() != null) {
        throw Failures.badRequest(
            "the object provided is unrecognized (must be of type %s): something follows its end"
                .formatted(target.kind()));
      }
    }

    private ObjectNode content(JsonParser parser) throws IOException {
      return target.custom().isPresent()
          ? new CustomReader(problems).object(parser, target.custom().get().schema())
          : new TypedReader(parser, problems, sparse).object(target.type());
    }

    void requireTypeMeta() {
      if (!object.has("kind") || !object.has("apiVersion")) {
        throw Failures.badRequest("an applied configuration must say its apiVersion and kind");
      }
    }

    Decoded finish(FieldValidation validation) {
      checkKind();
      String problem = problem(validation);
      if (problem != null) {
        throw cannotBeHandled(problem);
      }
      checkVersion();
      return new Decoded(
          withTypeMeta(), validation == FieldValidation.WARN ? problems.strict() : List.of());
    }

    /** Null if there is none that the client wants to hear of. */
    String problem(FieldValidation validation) {
      if (problems.wrongType() != null) {
        return problems.wrongType();
      }
      boolean refuse = validation == FieldValidation.STRICT && !problems.strict().isEmpty();
      return refuse ? "strict decoding error: " + String.join(", ", problems.strict()) : null;
    }

    private void checkKind() {
      if (!kind().equals(target.kind())) {
        throw cannotBeHandled(
            "the data is of kind \"%s\", expected \"%s\"".formatted(kind(), target.kind()));
      }
    }

    private void checkVersion() {
      if (!target.anyVersion() && !apiVersion().equals(target.apiVersion())) {
        throw Failures.badRequest(
            "the API version in the data (%s) does not match the expected API version (%s)"
                .formatted(apiVersion(), target.apiVersion()));
      }
    }

    private ApiFailure cannotBeHandled(String why) {
      return Failures.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: %s"
              .formatted(kind(), GroupVersion.parse(apiVersion()).version(), target.kind(), why));
    }

    private String kind() {
      return object.path("kind").asText(target.kind());
    }

    private String apiVersion() {
      return object.path("apiVersion").asText(target.apiVersion());
    }

    /** Kind and apiVersion lead the declaration of every kind, so what is set late goes first. */
    private ObjectNode withTypeMeta() {
      if (object.has("kind") && object.has("apiVersion")) {
        return object;
      }
      object.put("kind", kind()).put("apiVersion", apiVersion());
      if (target.custom().isEmpty()) {
        CanonicalForm.apply(target.type(), object);
      }
      return object;
    }
  }
}
