package dev.shiplog.api.schema.defaulting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fills in defaults. Applying them twice is applying them once. The tree gets its canonical form
 * back with {@link dev.shiplog.api.schema.decoding.CanonicalForm}. Any thread.
 */
public final class Defaults {

  private static final Defaults BUILT_IN = new Defaults(TypeCatalogue.builtIn());

  private final TypeCatalogue types;
  private final Map<String, TypeDefaults> rules = DefaultRules.all();

  /** Whether a type or anything below it has defaults; what has none is not walked. */
  private final Map<String, Boolean> concerned = new ConcurrentHashMap<>();

  private Defaults(TypeCatalogue types) {
    this.types = types;
  }

  public static Defaults builtIn() {
    return BUILT_IN;
  }

  /** Fills in an object of the resource, in place. */
  public void apply(ResourceType resource, ObjectNode object) {
    apply(types.get(resource.typeName()), object);
  }

  /** Fills in an object of the type, in place: its own fields first, then those of its parts. */
  public void apply(TypeDefinition type, ObjectNode object) {
    if (!isConcerned(type)) {
      return;
    }
    declared(type, object);
    TypeDefaults own = rules.get(type.name());
    if (own != null) {
      own.apply(object);
    }
    for (Field field : type.fields()) {
      JsonNode value = object.get(field.name());
      if (value != null) {
        descend(field.type(), value);
      }
    }
  }

  private void descend(ValueType type, JsonNode value) {
    switch (type) {
      case Struct struct when value instanceof ObjectNode object ->
          apply(struct.definition(), object);
      case ListOf list when list.items() instanceof Struct ->
          value.forEach(item -> descend(list.items(), item));
      case MapOf map when map.values() instanceof Struct ->
          value.forEach(item -> descend(map.values(), item));
      case ValueType other -> {}
    }
  }

  private static void declared(TypeDefinition type, ObjectNode object) {
    for (Field field : type.fields()) {
      if (field.defaultValue() != null && object.path(field.name()).isEmpty()) {
        setIfAbsent(object, field.name(), field.defaultValue());
      }
    }
  }

  static void setIfAbsent(ObjectNode object, String name, JsonNode value) {
    JsonNode present = object.get(name);
    if (present == null || present.isNull()) {
      object.set(name, value.deepCopy());
    }
  }

  private boolean isConcerned(TypeDefinition type) {
    Boolean known = concerned.get(type.name());
    if (known == null) {
      known = reachesDefaults(type, new java.util.HashSet<>());
      concerned.put(type.name(), known);
    }
    return known;
  }

  private boolean reachesDefaults(TypeDefinition type, Set<String> visited) {
    if (!visited.add(type.name())) {
      return false;
    }
    return rules.containsKey(type.name())
        || type.fields().stream()
            .anyMatch(f -> f.defaultValue() != null || reachesDefaults(f.type(), visited));
  }

  private boolean reachesDefaults(ValueType type, Set<String> visited) {
    return switch (type) {
      case Struct struct -> reachesDefaults(struct.definition(), visited);
      case ListOf list -> reachesDefaults(list.items(), visited);
      case MapOf map -> reachesDefaults(map.values(), visited);
      case ValueType other -> false;
    };
  }
}
