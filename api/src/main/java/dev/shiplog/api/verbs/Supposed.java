package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.DerivedObject;
import dev.shiplog.api.store.StoredObject;

/**
 * What an object would have become, had it not been a dry run: it says the revision of what it is,
 * and has none of its own by which it could be remembered.
 */
record Supposed(StoredObject object) implements DerivedObject {

  @Override
  public long revision() {
    return 0;
  }

  @Override
  public byte[] bytes() {
    return object.bytes();
  }

  @Override
  public ObjectNode tree() {
    return object.tree();
  }
}
