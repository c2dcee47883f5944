package dev.shiplog.agent.runtime;

/** No answer, or not in time: whether it happened is unknown. */
public final class RuntimeUnavailableException extends PodRuntimeException {

  private static final long serialVersionUID = 1L;

  public RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
