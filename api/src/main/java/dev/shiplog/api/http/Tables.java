package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.StoredObject;
import java.util.List;

/** Shows objects as rows of a {@code meta.k8s.io} Table. Any thread. */
@FunctionalInterface
interface Tables {
  ObjectNode table(ResourceType type, List<StoredObject> objects, Representation wanted);
}
