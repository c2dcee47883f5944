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

  /** HTTP status. */
  public int code() {
    return code;
  }
}
