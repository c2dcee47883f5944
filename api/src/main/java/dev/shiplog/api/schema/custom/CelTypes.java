package dev.shiplog.api.schema.custom;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The types of a schema as expressions see them, so that a wrong one is refused with its definition
 * and not when an object comes. One schema, one thread.
 */
final class CelTypes {

  private final Map<String, CelType> byName = new HashMap<>();

  /** The type of what the schema describes. */
  CelType of(CustomSchema schema, String name, boolean root) {
    if (schema.intOrString()) {
      return SimpleType.DYN;
    }
    return switch (schema.type()) {
      case "object" -> object(schema, name, root);
      case "array" ->
          ListType.create(
              schema.items() == null ? SimpleType.DYN : of(schema.items(), name + ".item", false));
      case "string" -> text(schema);
      case "integer" -> SimpleType.INT;
      case "number" -> SimpleType.DOUBLE;
      case "boolean" -> SimpleType.BOOL;
      default -> SimpleType.DYN;
    };
  }

  private static CelType text(CustomSchema schema) {
    return switch (schema.facts().path("format").asText("")) {
      case "byte" -> SimpleType.BYTES;
      case "date", "date-time" -> SimpleType.TIMESTAMP;
      case "duration" -> SimpleType.DURATION;
      default -> SimpleType.STRING;
    };
  }

  private CelType object(CustomSchema schema, String name, boolean root) {
    if (schema.additional() != null) {
      return MapType.create(SimpleType.STRING, of(schema.additional(), name + ".value", false));
    }
    boolean whole = root || schema.embedded();
    Map<String, CelType> fields = new LinkedHashMap<>();
    schema
        .properties()
        .forEach((field, child) ->
            fields.put(CelNames.escaped(field), of(child, name + "." + field, false)));
    if (whole) {
      fields.put("apiVersion", SimpleType.STRING);
      fields.put("kind", SimpleType.STRING);
      fields.put("metadata", metadata(name));
    }
    return struct(name, fields);
  }

  /** Rules may look at names only: the rest of metadata is not the author's. */
  private CelType metadata(String name) {
    return struct(
        name + ".metadata", Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING));
  }

  private CelType struct(String name, Map<String, CelType> fields) {
    ImmutableMap<String, CelType> resolved = ImmutableMap.copyOf(fields);
    CelType type =
        StructType.create(
            name,
            ImmutableSet.copyOf(fields.keySet()),
            field -> Optional.ofNullable(resolved.get(field)));
    byName.put(name, type);
    return type;
  }

  /** The types met so far. */
  CelTypeProvider provider() {
    return provider(ImmutableMap.copyOf(byName));
  }

  /** Provides types by their names. */
  static CelTypeProvider provider(ImmutableMap<String, CelType> byName) {
    return new Provider(byName);
  }

  @Immutable
  private static final class Provider implements CelTypeProvider {

    private final ImmutableMap<String, CelType> byName;

    Provider(ImmutableMap<String, CelType> byName) {
      this.byName = byName;
    }

    @Override
    public ImmutableCollection<CelType> types() {
      return byName.values();
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(byName.get(name));
    }
  }
}
