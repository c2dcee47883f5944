package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.Set;

/** Requests and limits of resources. */
final class ResourceRules {

  private static final Set<String> NATIVE = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceRules() {}

  static void validate(JsonNode node, FieldPath path, Causes causes) {
    if (!(node instanceof ObjectNode resources)) {
      return;
    }
    list(resources, "limits", path, causes);
    list(resources, "requests", path, causes);
    JsonNode limits = at(resources, "limits");
    at(resources, "requests")
        .properties()
        .forEach(e -> {
          JsonNode limit = limits.path(e.getKey());
          if (!limit.isMissingNode()) {
            pair(e.getKey(), e.getValue(), limit, path.child("requests"), causes);
          } else if (!isNative(e.getKey())) {
            causes.required(
                path.child("limits"), "Limit must be set for non overcommitable resources");
          }
        });
  }

  private static void list(ObjectNode resources, String list, FieldPath path, Causes causes) {
    new Checks(resources, path, causes).quantities(list);
    at(resources, list)
        .properties()
        .forEach(e -> {
          FieldPath key = path.child(list).key(e.getKey());
          boolean known = isNative(e.getKey()) || e.getKey().startsWith("hugepages-");
          if (!e.getKey().contains("/") && !known) {
            causes.invalid(
                path.child(list), e.getKey(), "must be a standard resource for containers");
          }
          boolean whole = isWhole(e.getValue());
          if (e.getKey().contains("/") && !whole) {
            causes.invalid(key, e.getValue(), "must be an integer");
          }
        });
  }

  private static void pair(
      String name, JsonNode request, JsonNode limit, FieldPath path, Causes causes) {
    int order = Quantity.parse(request.asText()).compareTo(Quantity.parse(limit.asText()));
    if (order != 0 && !isNative(name)) {
      causes.invalid(path, request, "must be equal to " + name + " limit of " + limit.asText());
    } else if (order > 0) {
      causes.invalid(
          path, request, "must be less than or equal to " + name + " limit of " + limit.asText());
    }
  }

  /** More of these can be limited than there is; of the others a limit is what is given. */
  private static boolean isNative(String name) {
    return NATIVE.contains(name);
  }

  private static boolean isWhole(JsonNode quantity) {
    return Quantity.parse(quantity.asText()).amount().stripTrailingZeros().scale() <= 0;
  }
}
