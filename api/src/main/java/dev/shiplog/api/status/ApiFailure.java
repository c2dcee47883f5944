package dev.shiplog.api.status;

import java.util.List;
import java.util.Optional;

/**
 * A refusal or failure as a client sees it: everything a Kubernetes {@code Status} says. Thrown
 * without a stack trace, since it reports the request and no bug.
 */
public final class ApiFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Reason reason;
  private final int code;
  private final transient Subject subject;
  private final transient List<StatusCause> causes;
  private final int retryAfterSeconds;
  private final String continueToken;

  /**
   * Makes a failure; the factory methods of {@link Failures} word the usual ones.
   *
   * @param code HTTP status; most often the reason's own
   * @param subject may be null
   * @param retryAfterSeconds 0 for no advice
   */
  public ApiFailure(
      Reason reason,
      int code,
      String message,
      Subject subject,
      List<StatusCause> causes,
      int retryAfterSeconds) {
    this(reason, code, message, subject, causes, retryAfterSeconds, "");
  }

  private ApiFailure(
      Reason reason,
      int code,
      String message,
      Subject subject,
      List<StatusCause> causes,
      int retryAfterSeconds,
      String continueToken) {
    super(message, null, false, false);
    this.reason = reason;
    this.code = code;
    this.subject = subject;
    this.causes = List.copyOf(causes);
    this.retryAfterSeconds = retryAfterSeconds;
    this.continueToken = continueToken;
  }

  /** The same failure of a list, with the token that goes on with the rest of it. */
  public ApiFailure withContinue(String token) {
    return new ApiFailure(reason, code, getMessage(), subject, causes, retryAfterSeconds, token);
  }

  public Reason reason() {
    return reason;
  }

  public int code() {
    return code;
  }

  public Optional<Subject> subject() {
    return Optional.ofNullable(subject);
  }

  public List<StatusCause> causes() {
    return causes;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** {@code metadata.continue} of the Status; empty for none. */
  public String continueToken() {
    return continueToken;
  }

  /**
   * What the request was about: {@code details.name, group, kind, uid}. Kind is the resource's
   * plural for most failures and the kind for validation, as Kubernetes has it.
   */
  public record Subject(String group, String kind, String name, String uid) {
    public static Subject of(String group, String kind, String name) {
      return new Subject(group, kind, name, "");
    }
  }
}
