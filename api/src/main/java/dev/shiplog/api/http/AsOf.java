package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.store.DerivedObject;
import dev.shiplog.api.store.StoredObject;

/**
 * An object that ceased to concern a watcher: its last state that did, at the revision of the
 * change that ended it.
 */
record AsOf(StoredObject object, long revision) implements DerivedObject {

  @Override
  public ObjectNode tree() {
    ObjectNode tree = object.tree();
    Meta.of(tree).put("resourceVersion", Long.toString(revision));
    return tree;
  }
}
