package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.conversion.Conversion;
import dev.shiplog.api.ownership.Shape;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.defaulting.Defaults;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType.Struct;
import dev.shiplog.api.schema.validation.Validation;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.List;

/**
 * The forms an object takes between a client and the store: as sent, as served in a version, as
 * stored. Any thread.
 */
public final class ObjectForms {

  private static final TypeDefinition METADATA =
      TypeCatalogue.builtIn().get("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

  private final ResourceCatalogue catalogue;
  private final ObjectDecoder decoder = new ObjectDecoder();

  public ObjectForms(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Reads a body that must be of the type. */
  public Decoded decode(
      Body body, dev.shiplog.api.schema.decoding.Target type, FieldValidation validation) {
    return decoder.decode(body.bytes(), body.syntax(), type, validation);
  }

  /** Reads a configuration that is applied: of YAML, of which JSON is a part. */
  Decoded decodeApplied(Body body, dev.shiplog.api.schema.decoding.Target type) {
    return decoder.decodeApplied(body.bytes(), type);
  }

  /** Checks what a patch made of an object. */
  Decoded checkPatched(
      ObjectNode patched, dev.shiplog.api.schema.decoding.Target type, FieldValidation validation) {
    return decoder.checkPatched(patched, type, validation);
  }

  /** From the version a client speaks to the one that is stored. The argument is used up. */
  ObjectNode toStored(ResourceType type, ObjectNode served) {
    return Conversion.toStored(type, served);
  }

  /** From the version that is stored to the one a client speaks. The argument is used up. */
  public ObjectNode toServed(ResourceType type, ObjectNode stored) {
    return Conversion.toServed(type, stored);
  }

  /** Fills in defaults of an object in the storage version. */
  void fillIn(ResourceType type, ObjectNode stored) {
    if (type.custom().isPresent()) {
      custom(type).fillIn(stored);
      return;
    }
    Defaults.builtIn().apply(catalogue.storedForm(type), stored);
  }

  /** Brings an object in the storage version into the form in which it is written. */
  void canonicalize(ResourceType type, ObjectNode stored) {
    if (type.custom().isPresent()) {
      CanonicalForm.apply(METADATA, Meta.of(stored));
      custom(type).canonicalize(stored);
      return;
    }
    CanonicalForm.apply(definition(catalogue.storedForm(type)), stored);
  }

  /** Drops what cannot be stored, in place; the last thing that is done to an object. */
  void keepKnown(ResourceType type, ObjectNode object) {
    type.custom().ifPresent(version -> version.keepKnown(object));
  }

  /** Refuses a new object that is not valid. */
  void validateNew(ResourceType type, ObjectNode object) {
    if (type.custom().isPresent()) {
      refuseIfAny(type, object, customCauses(type, object, null));
      return;
    }
    List<StatusCause> causes =
        new ArrayList<>(Validation.builtIn().ofCreate(catalogue.storedForm(type), object));
    causes.addAll(Validation.builtIn().ofAsked(type, object, null));
    refuseIfAny(type, object, causes);
  }

  /** Refuses a change that is not valid. */
  void validateChange(
      ResourceType type, Facet facet, ResourceRules rules, ObjectNode before, ObjectNode after) {
    if (type.custom().isPresent()) {
      refuseIfAny(type, after, customCauses(type, after, before));
      return;
    }
    ResourceType stored = catalogue.storedForm(type);
    List<StatusCause> causes = new ArrayList<>();
    if (facet.isStatus()) {
      causes.addAll(Validation.builtIn().ofStatusUpdate(stored, after, before));
    } else {
      causes.addAll(rules.validateUpdate(after, before));
      causes.addAll(Validation.builtIn().ofUpdate(stored, facet.part(), after, before));
      causes.addAll(Validation.builtIn().ofAsked(type, after, before));
    }
    refuseIfAny(type, after, causes);
  }

  /** Whose rules hold for what is stored. */
  private static CustomVersion custom(ResourceType type) {
    return type.custom().orElseThrow().storedForm();
  }

  private static List<StatusCause> customCauses(
      ResourceType type, ObjectNode object, ObjectNode before) {
    List<StatusCause> causes =
        new ArrayList<>(Validation.builtIn().ofMetadata(type.namespaced(), object, before));
    causes.addAll(custom(type).validate(object, before));
    return causes;
  }

  /** The shape of the objects that are stored, as ownership of fields goes by it. */
  Shape storedShape(ResourceType type) {
    return type.custom().isPresent()
        ? Shape.of(custom(type).schema())
        : Shape.of(new Struct(catalogue.storedForm(type).typeName(), TypeCatalogue.builtIn()));
  }

  private static void refuseIfAny(ResourceType type, ObjectNode object, List<StatusCause> causes) {
    if (!causes.isEmpty()) {
      throw Failures.invalid(type.group(), type.kind(), Meta.name(object), causes);
    }
  }

  private static TypeDefinition definition(ResourceType type) {
    return TypeCatalogue.builtIn().get(type.typeName());
  }
}
