package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Runtime classes: what runs a pod's containers, what it costs, where it is. */
final class RuntimeClassRules {

  private RuntimeClassRules() {}

  static void register(KindTable table) {
    table.kind("node.v1.RuntimeClass", rules -> rules.always(RuntimeClassRules::runtimeClass));
  }

  private static void runtimeClass(ObjectNode object, Causes causes) {
    new Checks(object, FieldPath.ROOT, causes).required("handler").name("handler", Names::label);
    if (object.get("overhead") instanceof ObjectNode overhead) {
      new Checks(overhead, FieldPath.of("overhead"), causes).quantities("podFixed");
    }
    if (object.get("scheduling") instanceof ObjectNode scheduling) {
      FieldPath path = FieldPath.of("scheduling");
      new Checks(scheduling, path, causes).labels("nodeSelector");
      int i = 0;
      for (ObjectNode toleration : objects(scheduling, "tolerations")) {
        SchedulingRules.toleration(toleration, path.child("tolerations").index(i), causes);
        for (int j = 0; j < i; j++) {
          if (at(scheduling, "tolerations").get(j).equals(toleration)) {
            causes.duplicate(path.child("tolerations").index(i), toleration);
          }
        }
        i++;
      }
    }
  }
}
