package dev.shiplog.api.table;

import dev.shiplog.api.schema.openapi.Descriptions;
import dev.shiplog.api.schema.types.Field;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the columns of a type's objects mean: what the fields mean that they show, and where a
 * column puts several together, some words of our own.
 */
final class ColumnDescriptions {

  private static final Map<String, String> PUT_TOGETHER =
      Map.ofEntries(
          Map.entry("Ready", "How many are ready, of how many there are to be."),
          Map.entry("Status", "What the object is doing, in one word."),
          Map.entry("Restarts", "How often containers were started again, and when last."),
          Map.entry("Containers", "Names of the containers."),
          Map.entry("Images", "Images of the containers."),
          Map.entry("Duration", "How long it has taken, or has been under way."),
          Map.entry("Last Schedule", "How long ago it was last due."),
          Map.entry("Last Seen", "How long ago it happened last."),
          Map.entry("First Seen", "How long ago it happened first."),
          Map.entry("Roles", "Roles of the node, as its labels say."),
          Map.entry("Targets", "What is measured, and what it is to be."),
          Map.entry("Users", "Users that are bound."),
          Map.entry("Groups", "Groups that are bound."),
          Map.entry("ServiceAccounts", "ServiceAccounts that are bound."),
          Map.entry("Request", "Requests: how much is used, of how much there may be."),
          Map.entry("Limit", "Limits: how much is used, of how much there may be."));

  private final String typeName;

  ColumnDescriptions(String typeName) {
    this.typeName = typeName;
  }

  /** Empty if nothing is known. */
  String of(String column, Cell cell) {
    String ofField =
        TypeCatalogue.builtIn().find(typeName).map(t -> of(t, cell.shown())).orElse("");
    return ofField.isEmpty() ? PUT_TOGETHER.getOrDefault(column, "") : ofField;
  }

  /** Of the last field on the path that has a description. */
  private static String of(TypeDefinition type, List<String> path) {
    String description = "";
    Optional<TypeDefinition> in = Optional.of(type);
    for (String step : path) {
      Field field = in.map(definition -> definition.field(step)).orElse(null);
      if (field == null) {
        break;
      }
      String found = Descriptions.builtIn().of(in.get().name(), step);
      description = found.isEmpty() ? description : found;
      in = struct(field.type());
    }
    return description;
  }

  private static Optional<TypeDefinition> struct(ValueType type) {
    return switch (type) {
      case ValueType.Struct struct -> Optional.of(struct.definition());
      case ValueType.ListOf list -> struct(list.items());
      case ValueType.MapOf _, ValueType.Scalar _, ValueType.Special _, ValueType.Any _ ->
          Optional.empty();
    };
  }

  /** Of fields that every object has. */
  static String ofMetadata(String field) {
    return Descriptions.builtIn().of("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", field);
  }
}
