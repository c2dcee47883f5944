package dev.shiplog.topics.log;

/** The record is larger than the topic takes; it was not stored. */
public final class RecordTooLargeException extends LogException {

  private static final long serialVersionUID = 1L;

  public RecordTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }

  public RecordTooLargeException(String message) {
    this(message, null);
  }
}
