package dev.shiplog.api.store;

import java.util.List;

/**
 * What was committed.
 *
 * @param objects in the order of the proposed changes: the object as it is now stored; for a
 *     delete, as it was last, with the deletion's revision as its resourceVersion
 * @param revision the last revision that was given out for it; 0 if nothing had to change (an
 *     update that changes no byte) or nothing was appended (a dry run): then the journal has no
 *     entry of it
 */
public record CommitResult(List<StoredObject> objects, long revision) {

  public CommitResult {
    objects = List.copyOf(objects);
  }
}
