package dev.shiplog.agent.runtime;

/** The runtime says no; repeating helps only once something has changed. */
public final class RuntimeRefusedException extends PodRuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A refusal.
   *
   * @param reason one word in Kubernetes' terms where it has one ({@code ErrImagePull}, {@code
   *     InvalidImageName} …), or empty: the caller then names it by what it tried
   * @param message the runtime's words, for the user
   */
  public RuntimeRefusedException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
