package dev.shiplog.agent.server;

/** The node cannot serve what it is asked for; the message is for the user. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;

  private RefusedException(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The node has no such thing. */
  public static RefusedException notFound(String message) {
    return new RefusedException(404, message);
  }

  /** There is such a container, but it has nothing of the kind yet, or the request is wrong. */
  public static RefusedException badRequest(String message) {
    return new RefusedException(400, message);
  }

  /** Nobody knows who asks. */
  static RefusedException unauthorized() {
    return new RefusedException(401, "Unauthorized");
  }

  /** Who asks may not. */
  static RefusedException forbidden(String message) {
    return new RefusedException(403, message);
  }

  /** Nobody can say now whether they may. */
  static RefusedException unjudged(String message) {
    return new RefusedException(503, message);
  }

  /** There is nothing to change here. */
  static RefusedException methodNotAllowed() {
    return new RefusedException(405, "405 method not allowed");
  }

  /** HTTP status. */
  public int code() {
    return code;
  }
}
