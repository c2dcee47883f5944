package dev.shiplog.topics.log;

/** No answer in time, or no broker: the outcome is unknown and the call may be repeated. */
public final class LogUnavailableException extends LogException {

  private static final long serialVersionUID = 1L;

  public LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public LogUnavailableException(String message) {
    this(message, null);
  }
}
