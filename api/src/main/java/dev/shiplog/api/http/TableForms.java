package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.StoredObject;
import java.util.List;

final class TableForms implements Tables {
  @Override
  public ObjectNode table(ResourceType type, List<StoredObject> objects, Representation wanted) {
    return JsonNodeFactory.instance.objectNode();
  }
}
