package dev.shiplog.agent.host;

/** A program could not be run to its end. */
public final class HostCommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public HostCommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
