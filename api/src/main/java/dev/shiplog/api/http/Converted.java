package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;

/**
 * An object in the version a client speaks already.
 *
 * @param object as it is stored
 * @param served not to be changed
 */
record Converted(StoredObject object, ObjectNode served) implements StoredObject {

  @Override
  public ObjectKey key() {
    return object.key();
  }

  @Override
  public long revision() {
    return object.revision();
  }

  @Override
  public String uid() {
    return object.uid();
  }

  @Override
  public Map<String, String> labels() {
    return object.labels();
  }

  @Override
  public Map<String, String> fields() {
    return object.fields();
  }

  @Override
  public List<String> ownerUids() {
    return object.ownerUids();
  }

  @Override
  public byte[] bytes() {
    return Json.bytes(served);
  }

  @Override
  public ObjectNode tree() {
    return served.deepCopy();
  }
}
