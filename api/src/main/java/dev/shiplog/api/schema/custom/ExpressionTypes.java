package dev.shiplog.api.schema.custom;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The types of resources as expressions see them. Those of the API are looked up by name, as they
 * refer to each other in circles; what one set of expressions knows besides is given beside them.
 */
public final class ExpressionTypes {

  private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private ExpressionTypes() {}

  /** The type of a resource's objects. */
  public static CelType of(ResourceType type) {
    return type.custom()
        .map(version -> custom(type, version))
        .orElseGet(() -> StructTypeReference.create(type.typeName()));
  }

  /** A type with these fields. */
  public static StructType struct(String name, Map<String, CelType> fields) {
    ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
    return StructType.create(
        name, ImmutableSet.copyOf(known.keySet()), field -> Optional.ofNullable(known.get(field)));
  }

  /** Knows the API's own types, and these. */
  public static CelTypeProvider provider(Map<String, CelType> further) {
    return new Provider(ImmutableMap.copyOf(further));
  }

  /** Policies, unlike the rules of a definition, may look at all of an object's metadata. */
  private static CelType custom(ResourceType type, CustomVersion version) {
    CelType described = new CelTypes().of(version.schema(), type.kind(), true);
    if (!(described instanceof StructType struct)) {
      return SimpleType.DYN;
    }
    Map<String, CelType> fields = new LinkedHashMap<>();
    struct.fields().forEach(field -> fields.put(field.name(), field.type()));
    fields.put("metadata", StructTypeReference.create(METADATA));
    return struct(type.groupVersion().apiVersion() + "." + type.kind(), fields);
  }

  private static CelType of(ValueType type) {
    return switch (type) {
      case ValueType.Scalar scalar ->
          switch (scalar.form()) {
            case STRING -> SimpleType.STRING;
            case INTEGER -> SimpleType.INT;
            case NUMBER -> SimpleType.DOUBLE;
            case BOOLEAN -> SimpleType.BOOL;
          };
      case ValueType.Struct struct -> StructTypeReference.create(struct.name());
      case ValueType.ListOf list -> ListType.create(of(list.items()));
      case ValueType.MapOf map -> MapType.create(SimpleType.STRING, of(map.values()));
      case ValueType.Special _, ValueType.Any _ -> SimpleType.DYN;
    };
  }

  private static StructType of(TypeDefinition definition) {
    Map<String, CelType> fields = new LinkedHashMap<>();
    for (Field field : definition.fields()) {
      fields.put(CelNames.escaped(field.name()), of(field.type()));
    }
    return struct(definition.name(), fields);
  }

  @Immutable
  private static final class Provider implements CelTypeProvider {
    private final ImmutableMap<String, CelType> further;

    Provider(ImmutableMap<String, CelType> further) {
      this.further = further;
    }

    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.copyOf(further.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
      CelType known = further.get(name);
      return known == null
          ? TypeCatalogue.builtIn().find(name).map(ExpressionTypes::of)
          : Optional.of(known);
    }
  }
}
