package dev.shiplog.agent.cluster;

/** The API server says no; the same call gets the same answer until something changes. */
public final class ClusterRefusedException extends ClusterException {

  private static final long serialVersionUID = 1L;

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final int code;

  /**
   * A refusal.
   *
   * @param code HTTP status
   * @param message of the server's Status
   */
  public ClusterRefusedException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public int code() {
    return code;
  }

  public boolean isNotFound() {
    return code == NOT_FOUND;
  }

  /** Conflict or AlreadyExists. */
  public boolean isConflict() {
    return code == CONFLICT;
  }
}
