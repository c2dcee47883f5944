package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Target;

/** The object itself. A write here leaves its status as it is, if that has a path of its own. */
record WholeObject(ObjectForms forms) implements Facet {

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
    ObjectNode object = forms.toStored(type, sent);
    if (type.subresources().containsKey("status")) {
      Meta.copyField(before, object, "status");
    }
    return object;
  }

  @Override
  public ObjectNode config(ResourceType type, ObjectNode sent) {
    ObjectNode config = forms.toStored(type, sent);
    if (type.subresources().containsKey("status")) {
      config.remove("status");
    }
    return config;
  }

  @Override
  public boolean ownsMetadata() {
    return true;
  }

  @Override
  public void prepare(ResourceRules rules, ObjectNode object, ObjectNode before) {
    rules.prepareForUpdate(object, before);
  }
}
