package dev.shiplog.agent.cluster;

/** No answer, too many requests, or an error of the server's: repeat later. */
public final class ClusterUnavailableException extends ClusterException {

  private static final long serialVersionUID = 1L;

  public ClusterUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
