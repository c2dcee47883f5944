package dev.shiplog.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;

/** Another look at a stored object: what its tree says is its own, all else is the object's. */
public interface DerivedObject extends StoredObject {

  /** The object that it is a look at. */
  StoredObject object();

  @Override
  ObjectNode tree();

  @Override
  default byte[] bytes() {
    return Json.bytes(tree());
  }

  @Override
  default ObjectKey key() {
    return object().key();
  }

  @Override
  default long revision() {
    return object().revision();
  }

  @Override
  default String uid() {
    return object().uid();
  }

  @Override
  default Map<String, String> labels() {
    return object().labels();
  }

  @Override
  default Map<String, String> fields() {
    return object().fields();
  }

  @Override
  default List<String> ownerUids() {
    return object().ownerUids();
  }
}
