package dev.shiplog.api.admission.matching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.conversion.Conversion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.defaulting.Defaults;
import java.util.List;

/**
 * Puts what a webhook or policy made of an object in its place, with defaults for what is new in
 * it. What identifies the object stays as it was.
 */
public final class Replacement {

  private static final List<String> NOT_TO_BE_CHANGED =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "resourceVersion",
          "generation",
          "managedFields");

  private static final ObjectDecoder DECODER = new ObjectDecoder();

  private Replacement() {}

  /**
   * Changes the request's object.
   *
   * @param made in the form in which the object was shown; used up
   * @return whether it is another than before
   */
  public static boolean of(AdmissionRequest request, ResourceType type, ObjectNode made) {
    ObjectNode object = request.object();
    boolean stored = request.before() != null || request.target().subresource().isEmpty();
    ObjectNode next = stored ? Conversion.toStored(type, read(type, made)) : made;
    if (stored) {
      keepIdentity(object, next);
      fillIn(request.target().type(), next);
    }
    if (next.equals(object)) {
      return false;
    }
    object.removeAll();
    object.setAll(next);
    return true;
  }

  /** As if a client had sent it: what its type does not know is left out. */
  private static ObjectNode read(ResourceType type, ObjectNode made) {
    return DECODER.checkPatched(made, Target.of(type), FieldValidation.IGNORE).object();
  }

  private static void fillIn(ResourceType type, ObjectNode object) {
    if (type.custom().isPresent()) {
      type.custom().get().fillIn(object);
    } else {
      Defaults.builtIn().apply(ResourceCatalogue.builtIn().storedForm(type), object);
    }
  }

  private static void keepIdentity(ObjectNode from, ObjectNode to) {
    ObjectNode old = Trees.child(from, "metadata");
    ObjectNode metadata = Trees.child(to, "metadata");
    for (String field : NOT_TO_BE_CHANGED) {
      if (old.has(field)) {
        metadata.set(field, old.get(field));
      } else {
        metadata.remove(field);
      }
    }
  }
}
