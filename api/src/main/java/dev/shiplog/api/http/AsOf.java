package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;

/**
 * An object that ceased to concern a watcher: its last state that did, at the revision of the
 * change that ended it.
 */
record AsOf(StoredObject object, long revision) implements StoredObject {

  @Override
  public ObjectKey key() {
    return object.key();
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
    return Json.bytes(tree());
  }

  @Override
  public ObjectNode tree() {
    ObjectNode tree = object.tree();
    Meta.of(tree).put("resourceVersion", Long.toString(revision));
    return tree;
  }
}
