package dev.shiplog.api.schema.types;

import java.util.List;

/** What a field, list item or map value may hold. */
public sealed interface ValueType {

  /**
   * A plain value.
   *
   * @param format {@code int32}, {@code int64}, {@code double}, {@code byte} (base64) or empty
   * @param allowed the only values it may have; empty if any
   */
  record Scalar(Form form, String format, List<String> allowed) implements ValueType {}

  /** Forms of a plain value in JSON. */
  enum Form {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN
  }

  /** A string or number with a form of its own, kept in its canonical form. */
  record Special(Leaf leaf, String typeName) implements ValueType {}

  /** Values with a form of their own. */
  enum Leaf {
    TIME,
    MICRO_TIME,
    QUANTITY,
    INT_OR_STRING
  }

  /**
   * An object with named fields.
   *
   * @param name its definition; by name because definitions refer to each other in circles
   */
  record Struct(String name, TypeCatalogue types) implements ValueType {

    public TypeDefinition definition() {
      return types.get(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A list.
   *
   * @param keys for {@link ListKind#MAP}: the fields that tell items apart
   */
  record ListOf(ValueType items, ListKind kind, List<String> keys) implements ValueType {}

  /** How the items of a list belong together; what apply and merge go by. */
  enum ListKind {
    ATOMIC,
    SET,
    MAP
  }

  /** A map from strings. */
  record MapOf(ValueType values, boolean atomic) implements ValueType {}

  /**
   * Any JSON: an embedded object, a schema's default.
   *
   * @param typeName definition it stands for; empty for none
   * @param objectOnly whether it must be a JSON object
   */
  record Any(String typeName, boolean objectOnly) implements ValueType {}
}
