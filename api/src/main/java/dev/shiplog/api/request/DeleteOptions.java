package dev.shiplog.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What meta/v1 DeleteOptions say.
 *
 * @param gracePeriodSeconds how long the object may take to end, if the client says so
 * @param uid delete it only if this is its uid
 * @param resourceVersion delete it only at this revision
 * @param propagation what becomes of its dependents, if the client says so
 * @param dryRun do everything but commit
 */
public record DeleteOptions(
    OptionalLong gracePeriodSeconds,
    Optional<String> uid,
    Optional<String> resourceVersion,
    Optional<Propagation> propagation,
    boolean dryRun) {

  /** What holds when a client says nothing. */
  public static final DeleteOptions DEFAULT =
      new DeleteOptions(
          OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  /** What becomes of an object's dependents. */
  public enum Propagation {
    /** They lose their owner and stay. */
    ORPHAN,
    /** They are deleted after it. */
    BACKGROUND,
    /** They are deleted before it. */
    FOREGROUND
  }

  /**
   * Reads them from an object that was checked to be DeleteOptions.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Invalid}
   */
  public static DeleteOptions of(JsonNode json) {
    JsonNode grace = json.path("gracePeriodSeconds");
    JsonNode preconditions = json.path("preconditions");
    Optional<Propagation> policy = text(json, "propagationPolicy").map(DeleteOptions::propagation);
    Optional<Propagation> old =
        json.hasNonNull("orphanDependents")
            ? Optional.of(
                json.get("orphanDependents").asBoolean()
                    ? Propagation.ORPHAN
                    : Propagation.BACKGROUND)
            : Optional.empty();
    if (policy.isPresent() && old.isPresent()) {
      throw invalid(
          "FieldValueInvalid",
          "Invalid value: orphanDependents and deletionPropagation cannot be both set",
          "propagationPolicy");
    }
    return new DeleteOptions(
        grace.isIntegralNumber() ? OptionalLong.of(grace.asLong()) : OptionalLong.empty(),
        text(preconditions, "uid"),
        text(preconditions, "resourceVersion"),
        policy.or(() -> old),
        dryRun(json.path("dryRun")));
  }

  /** Reads {@code propagationPolicy}. */
  public static Propagation propagation(String policy) {
    return switch (policy) {
      case "Orphan" -> Propagation.ORPHAN;
      case "Background" -> Propagation.BACKGROUND;
      case "Foreground" -> Propagation.FOREGROUND;
      default ->
          throw invalid(
              "FieldValueNotSupported",
              "Unsupported value: \"%s\": supported values: \"Background\", \"Foreground\", \"Orphan\""
                  .formatted(policy),
              "propagationPolicy");
    };
  }

  private static boolean dryRun(JsonNode stages) {
    boolean all = false;
    for (JsonNode stage : stages) {
      if (!stage.asText().equals("All")) {
        throw invalid(
            "FieldValueNotSupported",
            "Unsupported value: \"%s\": supported values: \"All\"".formatted(stage.asText()),
            "dryRun");
      }
      all = true;
    }
    return all;
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.of(json.path(field).asText("")).filter(text -> !text.isEmpty());
  }

  private static RuntimeException invalid(String type, String message, String field) {
    return Failures.invalid(
        "meta.k8s.io", "DeleteOptions", "", List.of(new StatusCause(type, message, field)));
  }

  public DeleteOptions withDryRun(boolean other) {
    return new DeleteOptions(gracePeriodSeconds, uid, resourceVersion, propagation, other);
  }
}
