package dev.shiplog.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A change that a verb asks for. The object trees belong to the store from here on; their {@code
 * metadata.resourceVersion} is set by it.
 */
public sealed interface ProposedChange {

  ObjectKey key();

  /** The key must be free. */
  record Create(ObjectKey key, ObjectNode object) implements ProposedChange {}

  /** The object must be at the revision. One that would change no byte makes no change. */
  record Update(ObjectKey key, long expectedRevision, ObjectNode object)
      implements ProposedChange {}

  /** The object must be at the revision. */
  record Delete(ObjectKey key, long expectedRevision) implements ProposedChange {}
}
