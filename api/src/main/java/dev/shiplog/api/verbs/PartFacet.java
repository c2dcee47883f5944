package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Target;
import java.util.function.BiConsumer;

/**
 * A subresource whose body is the whole object, of which a write changes a part alone.
 *
 * @param name the subresource's
 * @param copy copies that part from what was sent (first) into the object (second)
 */
record PartFacet(ObjectForms forms, String name, BiConsumer<ObjectNode, ObjectNode> copy)
    implements Facet {

  @Override
  public String part() {
    return name;
  }

  @Override
  public Target bodyType(ResourceType type) {
    return Target.of(type);
  }

  @Override
  public ObjectNode show(ResourceType type, ObjectNode stored) {
    return forms.toServed(type, stored);
  }

  @Override
  public ObjectNode merge(ResourceType type, ObjectNode before, ObjectNode sent) {
    ObjectNode changed = forms.toStored(type, sent);
    ObjectNode object = before.deepCopy();
    copy.accept(changed, object);
    Meta.copy(changed, object, "resourceVersion");
    Meta.copy(changed, object, "uid");
    return object;
  }

  @Override
  public ObjectNode config(ResourceType type, ObjectNode sent) {
    ObjectNode config = forms.toStored(type, sent);
    ObjectNode changeable = config.objectNode();
    copy.accept(config, changeable);
    changeable.set("metadata", config.withObject("/metadata").retain("name", "namespace", "uid"));
    return changeable;
  }
}
