package dev.shiplog.api.schema.decoding;

import dev.shiplog.api.schema.types.ValueType;
import dev.shiplog.api.schema.types.ValueType.Any;
import dev.shiplog.api.schema.types.ValueType.ListOf;
import dev.shiplog.api.schema.types.ValueType.MapOf;
import dev.shiplog.api.schema.types.ValueType.Scalar;
import dev.shiplog.api.schema.types.ValueType.Special;
import dev.shiplog.api.schema.types.ValueType.Struct;

/** Names of types as messages of Kubernetes have them, which users search the web for. */
final class GoTypes {

  private GoTypes() {}

  static String name(ValueType type) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar);
      case Special special ->
          switch (special.leaf()) {
            case TIME, MICRO_TIME -> "string";
            case QUANTITY -> "resource.Quantity";
            case INT_OR_STRING -> "int32";
          };
      case Struct struct -> qualified(struct.name());
      case ListOf list -> "[]" + name(list.items());
      case MapOf map -> "map[string]" + name(map.values());
      case Any any -> any.typeName().isEmpty() ? "interface {}" : qualified(any.typeName());
    };
  }

  /** {@code v1.Container} of {@code io.k8s.api.core.v1.Container}. */
  static String qualified(String definition) {
    int last = definition.lastIndexOf('.');
    return definition.substring(definition.lastIndexOf('.', last - 1) + 1);
  }

  private static String scalar(Scalar scalar) {
    return switch (scalar.form()) {
      case STRING -> scalar.format().equals("byte") ? "[]uint8" : "string";
      case BOOLEAN -> "bool";
      case INTEGER -> scalar.format().isEmpty() ? "int64" : scalar.format();
      case NUMBER -> "float64";
    };
  }
}
