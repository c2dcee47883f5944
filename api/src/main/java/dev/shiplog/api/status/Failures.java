package dev.shiplog.api.status;

import dev.shiplog.api.status.ApiFailure.Subject;
import java.util.List;
import java.util.stream.Collectors;

/** The usual failures, worded as Kubernetes words them: clients match on some of the texts. */
public final class Failures {

  private Failures() {}

  public static ApiFailure notFound(String group, String plural, String name) {
    return failure(
        Reason.NOT_FOUND,
        qualified(group, plural) + " \"" + name + "\" not found",
        Subject.of(group, plural, name));
  }

  public static ApiFailure alreadyExists(String group, String plural, String name) {
    return failure(
        Reason.ALREADY_EXISTS,
        qualified(group, plural) + " \"" + name + "\" already exists",
        Subject.of(group, plural, name));
  }

  /** The object moved on since the revision the caller names. */
  public static ApiFailure conflict(String group, String plural, String name, String why) {
    return failure(
        Reason.CONFLICT,
        "Operation cannot be fulfilled on "
            + qualified(group, plural)
            + " \""
            + name
            + "\": "
            + why,
        Subject.of(group, plural, name));
  }

  /** The conflict every client's retry loop knows. */
  public static ApiFailure staleRevision(String group, String plural, String name) {
    return conflict(
        group,
        plural,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  public static ApiFailure badRequest(String message) {
    return failure(Reason.BAD_REQUEST, message, null);
  }

  public static ApiFailure forbidden(String group, String plural, String name, String why) {
    return failure(
        Reason.FORBIDDEN,
        qualified(group, plural)
            + (name.isEmpty() ? "" : " \"" + name + "\"")
            + " is forbidden: "
            + why,
        Subject.of(group, plural, name));
  }

  /** 422 with a cause per field. */
  public static ApiFailure invalid(
      String group, String kind, String name, List<StatusCause> causes) {
    String what =
        causes.stream().map(c -> c.field() + ": " + c.message()).collect(Collectors.joining(", "));
    return new ApiFailure(
        Reason.INVALID,
        Reason.INVALID.code(),
        qualified(group, kind)
            + " \""
            + name
            + "\" is invalid: "
            + (causes.size() == 1 ? what : "[" + what + "]"),
        Subject.of(group, kind, name),
        causes,
        0);
  }

  public static ApiFailure tooLarge(String message) {
    return failure(Reason.REQUEST_ENTITY_TOO_LARGE, message, null);
  }

  /** History before the revision asked for is gone: list again. */
  public static ApiFailure expired(String message) {
    return failure(Reason.EXPIRED, message, null);
  }

  /** Whether it happened is not known. */
  public static ApiFailure timeout(String message) {
    return failure(Reason.TIMEOUT, message, null);
  }

  /** Nothing happened; the same request may succeed soon. */
  public static ApiFailure unavailable(String message) {
    return new ApiFailure(
        Reason.SERVICE_UNAVAILABLE, Reason.SERVICE_UNAVAILABLE.code(), message, null, List.of(), 1);
  }

  /** A read ahead of what this server has; Kubernetes' clients know the cause. */
  public static ApiFailure revisionTooLarge(long asked, long current) {
    return new ApiFailure(
        Reason.TIMEOUT,
        Reason.TIMEOUT.code(),
        "Too large resource version: " + asked + ", current: " + current,
        null,
        List.of(new StatusCause("ResourceVersionTooLarge", "Too large resource version", "")),
        1);
  }

  public static ApiFailure internal(String message) {
    return failure(Reason.INTERNAL_ERROR, message, null);
  }

  /** A failure with its reason's code and no causes. */
  public static ApiFailure failure(Reason reason, String message, Subject subject) {
    return new ApiFailure(reason, reason.code(), message, subject, List.of(), 0);
  }

  private static String qualified(String group, String name) {
    return group.isEmpty() ? name : name + "." + group;
  }
}
