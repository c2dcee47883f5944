package dev.shiplog.api.request;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;

/** Refusals that belong to no object. */
public final class Refusals {

  private Refusals() {}

  /** The resource knows no such request. */
  public static ApiFailure methodNotAllowed() {
    return Failures.failure(
        Reason.METHOD_NOT_ALLOWED,
        "the server does not allow this method on the requested resource",
        null);
  }

  public static ApiFailure notStored() {
    return methodNotAllowed();
  }

  public static ApiFailure unsupportedMediaType(String given, String supported) {
    return Failures.failure(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: "
            + supported
            + (given.isEmpty() ? "" : " (not " + given + ")"),
        null);
  }
}
