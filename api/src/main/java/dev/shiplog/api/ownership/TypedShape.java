package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.ListKind;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Struct;
import java.util.List;

/** The shape of a built-in type's values. */
record TypedShape(ValueType type) implements Shape {

  /** What nothing is known about. */
  static final Shape UNTYPED = new TypedShape(new Any("", false));

  @Override
  public boolean isWhole(JsonNode value) {
    return switch (type) {
      case Struct struct -> struct.definition().atomic() || !value.isObject();
      case ListOf list -> list.kind() == ListKind.ATOMIC || !value.isArray();
      case MapOf map -> map.atomic() || !value.isObject();
      // What has no type is taken for what it looks like: its objects have fields, its lists do
      // not.
      case Any any -> !value.isObject();
      case ValueType.Scalar scalar -> true;
      case ValueType.Special special -> true;
    };
  }

  @Override
  public boolean names(String field) {
    return type instanceof Struct struct && struct.definition().field(field) != null;
  }

  @Override
  public Shape entry(String name) {
    return switch (type) {
      case Struct struct -> {
        Field field = struct.definition().field(name);
        yield field == null ? UNTYPED : new TypedShape(field.type());
      }
      case MapOf map -> new TypedShape(map.values());
      case ListOf list -> UNTYPED;
      case Any any -> UNTYPED;
      case ValueType.Scalar scalar -> UNTYPED;
      case ValueType.Special special -> UNTYPED;
    };
  }

  @Override
  public boolean isList() {
    return type instanceof ListOf;
  }

  @Override
  public Shape items() {
    return type instanceof ListOf list ? new TypedShape(list.items()) : UNTYPED;
  }

  @Override
  public List<String> keys() {
    return type instanceof ListOf list && list.kind() == ListKind.MAP ? list.keys() : List.of();
  }

  @Override
  public JsonNode keyDefault(String key) {
    boolean known = type instanceof ListOf list && list.items() instanceof Struct;
    Field field = known ? ((Struct) ((ListOf) type).items()).definition().field(key) : null;
    return field == null ? null : field.defaultValue();
  }

  @Override
  public ObjectNode nothing() {
    return type instanceof Struct struct
        ? CanonicalForm.empty(struct.definition())
        : FieldSet.node();
  }
}
