package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;

/** An object that would have been created, had it not been a dry run: no revision is said of it. */
record Unborn(StoredObject object) implements StoredObject {

  @Override
  public ObjectKey key() {
    return object.key();
  }

  @Override
  public long revision() {
    return 0;
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
    Meta.of(tree).remove("resourceVersion");
    return tree;
  }
}
