package dev.shiplog.api.schema.types;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.Form;
import dev.shiplog.api.schema.types.ValueType.Leaf;
import dev.shiplog.api.schema.types.ValueType.ListKind;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Turns one definition's facts into a {@link TypeDefinition}. */
final class DefinitionReader {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String SCHEMA = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

  private static final Map<String, Leaf> SPECIALS =
      Map.of(
          META + "Time",
          Leaf.TIME,
          META + "MicroTime",
          Leaf.MICRO_TIME,
          "io.k8s.apimachinery.pkg.api.resource.Quantity",
          Leaf.QUANTITY,
          "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
          Leaf.INT_OR_STRING);

  /** Definitions whose values the server passes on as they are; true where only objects go. */
  private static final Map<String, Boolean> OPAQUE =
      Map.of(
          META + "FieldsV1",
          true,
          META + "Patch",
          true,
          "io.k8s.apimachinery.pkg.runtime.RawExtension",
          true,
          SCHEMA + "CustomResourceSubresourceStatus",
          true,
          SCHEMA + "JSON",
          false,
          SCHEMA + "JSONSchemaPropsOrArray",
          false,
          SCHEMA + "JSONSchemaPropsOrBool",
          false,
          SCHEMA + "JSONSchemaPropsOrStringArray",
          false);

  private final TypeCatalogue types;

  private DefinitionReader(TypeCatalogue types) {
    this.types = types;
  }

  static TypeDefinition read(String name, JsonNode facts, TypeCatalogue types) {
    return new DefinitionReader(types).definition(name, facts);
  }

  private TypeDefinition definition(String name, JsonNode facts) {
    Set<String> required = new HashSet<>(texts(facts.path("required")));
    List<Field> fields = new ArrayList<>();
    facts
        .path("fields")
        .properties()
        .forEach(e ->
            fields.add(
                field(e.getKey(), fields.size(), e.getValue(), required.contains(e.getKey()))));
    return new TypeDefinition(name, fields, facts.path("mapType").asText().equals("atomic"), facts);
  }

  private Field field(String name, int index, JsonNode facts, boolean required) {
    String strategies = facts.path("patchStrategy").asText();
    return new Field(
        name,
        index,
        type(facts),
        required,
        facts.path("ptr").booleanValue(),
        facts.path("emit").asText().equals("always"),
        facts.get("default"),
        strategies.isEmpty() ? List.of() : List.of(strategies.split(",")),
        facts.path("patchMergeKey").asText(),
        texts(facts.path("rules")));
  }

  private ValueType type(JsonNode facts) {
    if (facts.has("ref")) {
      return reference(facts.get("ref").textValue());
    }
    return switch (facts.path("type").asText()) {
      case "array" ->
          new ListOf(
              type(facts.get("items")),
              ListKind.valueOf(facts.path("listType").asText("atomic").toUpperCase(Locale.ROOT)),
              texts(facts.path("listMapKeys")));
      case "object" ->
          facts.has("values")
              ? new MapOf(
                  type(facts.get("values")), facts.path("mapType").asText().equals("atomic"))
              : new Any("", false);
      case "any" -> new Any("", false);
      default -> scalar(facts);
    };
  }

  private static Scalar scalar(JsonNode facts) {
    return new Scalar(
        Form.valueOf(facts.get("type").textValue().toUpperCase(Locale.ROOT)),
        facts.path("format").asText(),
        texts(facts.path("enum")));
  }

  private ValueType reference(String name) {
    Leaf leaf = SPECIALS.get(name);
    if (leaf != null) {
      return new Special(leaf, name);
    }
    Boolean objectOnly = OPAQUE.get(name);
    return objectOnly == null ? new Struct(name, types) : new Any(name, objectOnly);
  }

  private static List<String> texts(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(n -> result.add(n.asText()));
    return List.copyOf(result);
  }
}
