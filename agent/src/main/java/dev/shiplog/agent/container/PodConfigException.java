package dev.shiplog.agent.container;

/**
 * A pod refers to something that is missing or wrong. It may be put right without changing the pod,
 * so starting it is tried again; the message is shown to the user.
 */
public final class PodConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PodConfigException(String message) {
    super(message);
  }

  public PodConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
