package dev.shiplog.api.store;

/**
 * A proposed change was made from a revision that is no longer the current one. The verb decides
 * whether that is the client's conflict or a reason to try again from the current state.
 */
public final class StaleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ObjectKey key;
  private final long currentRevision;

  /**
   * Makes one.
   *
   * @param currentRevision revision the key has now, perhaps not yet applied here: read {@link
   *     ReadAt.NotOlderThan} it before trying again; 0 if the object is gone
   */
  public StaleException(ObjectKey key, long currentRevision) {
    super(key + " is at revision " + currentRevision + " now", null, false, false);
    this.key = key;
    this.currentRevision = currentRevision;
  }

  public ObjectKey key() {
    return key;
  }

  public long currentRevision() {
    return currentRevision;
  }
}
