package dev.shiplog.agent.containerd.host;

/** Containers cannot be run here; the message is a sentence that tells the user what to do. */
public final class ContainerdException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ContainerdException(String message, Throwable cause) {
    super(message, cause);
  }

  public ContainerdException(String message) {
    this(message, null);
  }
}
