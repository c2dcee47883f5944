package dev.shiplog.api.store;

/**
 * A change as watchers see it. There is one instance per change, shared by all of them: encodings
 * may be cached by its identity.
 *
 * @param revision the change's
 * @param before null if the object was created
 * @param after null if it was deleted
 * @param deleted the last state with the deletion's revision as resourceVersion; null unless it was
 *     deleted
 */
public record StoredEvent(
    long revision, StoredObject before, StoredObject after, StoredObject deleted) {}
