package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.store.DerivedObject;
import dev.shiplog.api.store.StoredObject;

/** An object that would have been created, had it not been a dry run: no revision is said of it. */
record Unborn(StoredObject object) implements DerivedObject {

  @Override
  public long revision() {
    return 0;
  }

  @Override
  public ObjectNode tree() {
    ObjectNode tree = object.tree();
    Meta.of(tree).remove("resourceVersion");
    return tree;
  }
}
