package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Target;
import java.util.List;

/**
 * The status of an object. A write here changes the status and what metadata says about the object,
 * and nothing that is wanted of it.
 */
record StatusFacet(ObjectForms forms) implements Facet {

  private static final List<String> CHANGEABLE_METADATA =
      List.of("labels", "annotations", "finalizers", "ownerReferences");

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
    Meta.copyField(changed, object, "status");
    for (String field : CHANGEABLE_METADATA) {
      Meta.copy(changed, object, field);
    }
    Meta.copy(changed, object, "resourceVersion");
    Meta.copy(changed, object, "uid");
    return object;
  }

  @Override
  public ObjectNode config(ResourceType type, ObjectNode sent) {
    return forms.toStored(type, sent).retain("apiVersion", "kind", "metadata", "status");
  }

  @Override
  public boolean isStatus() {
    return true;
  }

  @Override
  public void prepare(ResourceRules rules, ObjectNode object, ObjectNode before) {
    rules.prepareForStatusUpdate(object, before);
  }
}
