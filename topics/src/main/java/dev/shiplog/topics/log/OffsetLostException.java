package dev.shiplog.topics.log;

/** The offset asked for is not in the log: history was truncated or the log was replaced. */
public final class OffsetLostException extends LogException {

  private static final long serialVersionUID = 1L;

  public OffsetLostException(String message, Throwable cause) {
    super(message, cause);
  }

  public OffsetLostException(String message) {
    this(message, null);
  }
}
