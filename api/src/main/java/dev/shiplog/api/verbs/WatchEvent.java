package dev.shiplog.api.verbs;

import dev.shiplog.api.store.StoredObject;

/**
 * What a watcher is told.
 *
 * @param object the object as it is now, or was last
 * @param revision of the change; for the initial state, of the object
 * @param shared what all watchers of the change have in common, by identity: what an encoding of
 *     the event may be kept under
 */
public record WatchEvent(Type type, StoredObject object, long revision, Object shared) {

  /** What happened, as the watcher sees it. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
