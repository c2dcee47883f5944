package dev.shiplog.agent.runtime;

/**
 * The sandbox or container that the call is about is gone, or a container to act in is not running.
 */
public final class NoSuchContainerException extends PodRuntimeException {

  private static final long serialVersionUID = 1L;

  public NoSuchContainerException(String message, Throwable cause) {
    super(message, cause);
  }
}
