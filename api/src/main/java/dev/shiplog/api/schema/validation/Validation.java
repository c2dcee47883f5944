package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.status.StatusCause;
import java.util.List;

/**
 * Validates objects that are decoded and have their defaults. What it gives is what a 422 lists as
 * causes; an empty list means the object is valid. Any thread.
 */
public final class Validation {

  private static final Validation BUILT_IN = new Validation();

  private final KindTable table = KindTable.all();

  private Validation() {}

  public static Validation builtIn() {
    return BUILT_IN;
  }

  /** A new object, its name and namespace set. */
  public List<StatusCause> ofCreate(ResourceType resource, ObjectNode object) {
    Causes causes = new Causes();
    KindRules kind = rules(resource);
    MetadataRules.validate(object, resource.namespaced(), kind.names(), causes);
    StructuralRules.validate(type(resource), object, causes);
    kind.always().accept(object, causes);
    kind.onCreate().accept(object, causes);
    return causes.list();
  }

  /**
   * What the version that a client writes through asks for besides.
   *
   * @param asked the client's version
   * @param object in the stored form
   * @param old null for a new one
   */
  public List<StatusCause> ofAsked(ResourceType asked, ObjectNode object, ObjectNode old) {
    Causes causes = new Causes();
    KindRules kind = table.ofAsked(asked.typeName());
    if (old == null) {
      kind.onCreate().accept(object, causes);
    } else {
      kind.onUpdate().check(object, old, causes);
    }
    return causes.list();
  }

  /** An object as a client wants it, and as it is. */
  public List<StatusCause> ofUpdate(ResourceType resource, ObjectNode object, ObjectNode old) {
    return ofUpdate(resource, "", object, old);
  }

  /**
   * The same through a subresource.
   *
   * @param part its name; empty for the object itself
   */
  public List<StatusCause> ofUpdate(
      ResourceType resource, String part, ObjectNode object, ObjectNode old) {
    Causes causes = new Causes();
    KindRules kind = rules(resource);
    MetadataRules.validate(object, resource.namespaced(), kind.names(), causes);
    MetadataRules.validateUpdate(object, old, causes);
    StructuralRules.validate(type(resource), object, causes);
    StructuralRules.validateUpdate(type(resource), object, old, causes);
    kind.always().accept(object, causes);
    kind.onPart().getOrDefault(part, kind.onUpdate()).check(object, old, causes);
    return causes.list();
  }

  /** An update through {@code status}: everything outside it is as it was. */
  public List<StatusCause> ofStatusUpdate(
      ResourceType resource, ObjectNode object, ObjectNode old) {
    Causes causes = new Causes();
    MetadataRules.validate(object, resource.namespaced(), rules(resource).names(), causes);
    MetadataRules.validateUpdate(object, old, causes);
    StatusRules.validate(resource.kind(), object, causes);
    return causes.list();
  }

  /**
   * The metadata of an object of which nothing else is known.
   *
   * @param old null for a new one
   */
  public List<StatusCause> ofMetadata(boolean namespaced, ObjectNode object, ObjectNode old) {
    Causes causes = new Causes();
    MetadataRules.validate(object, namespaced, KindRules.NONE.names(), causes);
    if (old != null) {
      MetadataRules.validateUpdate(object, old, causes);
    }
    return causes.list();
  }

  private KindRules rules(ResourceType resource) {
    return table.of(resource.typeName());
  }

  private static TypeDefinition type(ResourceType resource) {
    return TypeCatalogue.builtIn().get(resource.typeName());
  }
}
