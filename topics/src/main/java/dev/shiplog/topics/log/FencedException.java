package dev.shiplog.topics.log;

/** Another writer took this one's transactional id: stop writing. */
public final class FencedException extends LogException {

  private static final long serialVersionUID = 1L;

  public FencedException(String message, Throwable cause) {
    super(message, cause);
  }

  public FencedException(String message) {
    this(message, null);
  }
}
