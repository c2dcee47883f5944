package dev.shiplog.agent.reach;

/** Nobody answered, or not in time; the message says what was tried and why it failed. */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
