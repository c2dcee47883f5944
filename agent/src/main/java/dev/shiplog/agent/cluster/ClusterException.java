package dev.shiplog.agent.cluster;

/** The API server did not do what it was asked; the subclass says what a caller may conclude. */
public abstract sealed class ClusterException extends RuntimeException
    permits ClusterUnavailableException, ClusterRefusedException {

  private static final long serialVersionUID = 1L;

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
