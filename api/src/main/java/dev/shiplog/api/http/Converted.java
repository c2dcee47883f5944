package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.DerivedObject;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;

/**
 * An object in the version a client speaks already.
 *
 * @param object as it is stored
 * @param served not to be changed
 */
record Converted(StoredObject object, ObjectNode served) implements DerivedObject {

  @Override
  public byte[] bytes() {
    return Json.bytes(served);
  }

  @Override
  public ObjectNode tree() {
    return served.deepCopy();
  }
}
