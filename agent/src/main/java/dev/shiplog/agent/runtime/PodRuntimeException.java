package dev.shiplog.agent.runtime;

/** A runtime did not do what it was asked; the subclass says what a caller may conclude. */
public abstract sealed class PodRuntimeException extends RuntimeException
    permits RuntimeUnavailableException, RuntimeRefusedException, NoSuchContainerException {

  private static final long serialVersionUID = 1L;

  PodRuntimeException(String message, Throwable cause) {
    super(message, cause);
  }
}
