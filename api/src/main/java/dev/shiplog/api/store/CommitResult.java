package dev.shiplog.api.store;

import java.util.List;

/**
 * What was committed.
 *
 * @param objects in the order of the proposed changes: the object as it is now stored; for a
 *     delete, as it was last, with the deletion's revision as its resourceVersion
 */
public record CommitResult(List<StoredObject> objects) {

  public CommitResult {
    objects = List.copyOf(objects);
  }
}
