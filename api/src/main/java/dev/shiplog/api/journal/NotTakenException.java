package dev.shiplog.api.journal;

/**
 * A commit that was handed over did not and will not take effect: it may be handed over again, or
 * decided here.
 */
public final class NotTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NotTakenException(String message) {
    super(message, null, false, false);
  }

  static NotTakenException byThisServer() {
    return new NotTakenException("this API server does not lead, or another one has led since");
  }
}
