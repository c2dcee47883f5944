package dev.shiplog.agent.server;

/** There is no such log; the message is for the user. */
public final class NoLogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;

  private NoLogException(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The node has no such pod or container. */
  public static NoLogException notFound(String message) {
    return new NoLogException(404, message);
  }

  /** There is such a container, but it has no such log yet, or the request is wrong. */
  public static NoLogException badRequest(String message) {
    return new NoLogException(400, message);
  }

  /** HTTP status. */
  public int code() {
    return code;
  }
}
