package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How large values of a schema may be, as Kubernetes reckons it: by the limits that the schema
 * sets, and else by what fits into a request.
 *
 * @param most characters, items or entries; 0 where the value has no such size
 * @param least bytes of its JSON
 * @param fields of an object, by their names in expressions
 * @param item of a list or a map; null for none
 */
record CelExtent(long most, long least, Map<String, CelExtent> fields, CelExtent item) {

  static final String ITEMS = "@items";
  static final String VALUES = "@values";
  static final String KEYS = "@keys";

  private static final long LARGEST_REQUEST = 3 << 20;
  private static final long QUOTES = 2;
  private static final long LONGEST_TIME = 32;
  private static final long DATE = 12;
  private static final long SHORTEST_TIME = 21;
  private static final long SHORTEST_DURATION = 3;

  /** A character of {@code maxLength} may take so many bytes. */
  private static final long CHARACTER = 4;

  private static final CelExtent KEY = scalar(0, QUOTES);

  /** Null where expressions cannot look, as no type is said. */
  static CelExtent of(CustomSchema schema, boolean root) {
    if (schema.intOrString()) {
      return scalar(limit(schema, "maxLength", CHARACTER, LARGEST_REQUEST - QUOTES), 1);
    }
    return switch (schema.type()) {
      case "object" ->
          schema.additional() == null ? object(schema, root || schema.embedded()) : map(schema);
      case "array" -> list(schema);
      case "string" -> text(schema);
      case "boolean" -> scalar(0, 4);
      case "integer", "number" -> scalar(0, 1);
      default -> null;
    };
  }

  /** What a path leads to, its first step being a variable; null if that is not known. */
  CelExtent at(List<String> path) {
    CelExtent at = this;
    for (String step : path.subList(1, path.size())) {
      at =
          switch (step) {
            case ITEMS, VALUES -> at.item;
            case KEYS -> at.item == null ? null : KEY;
            default -> at.fields.get(step);
          };
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  /** How many there may be in one request. */
  long mostInARequest() {
    return LARGEST_REQUEST / (least + 1);
  }

  private static CelExtent list(CustomSchema schema) {
    CelExtent item = schema.items() == null ? null : of(schema.items(), false);
    return item == null
        ? null
        : container(item, limit(schema, "maxItems", 1, fitting(item.least + 1)));
  }

  private static CelExtent map(CustomSchema schema) {
    CelExtent value = of(schema.additional(), false);
    // A key in quotes, a colon and a comma go with every value.
    return value == null
        ? null
        : container(value, limit(schema, "maxProperties", 1, fitting(value.least + 6)));
  }

  private static long fitting(long each) {
    return (LARGEST_REQUEST - QUOTES) / each;
  }

  private static CelExtent container(CelExtent item, long most) {
    return new CelExtent(most, 2, Map.of(), item);
  }

  private static CelExtent object(CustomSchema schema, boolean whole) {
    Set<String> required = Set.copyOf(texts(schema.facts().path("required")));
    Map<String, CelExtent> fields = new HashMap<>();
    long least = 2;
    for (Map.Entry<String, CustomSchema> field : schema.properties().entrySet()) {
      String name = field.getKey();
      CelExtent extent = of(field.getValue(), false);
      if (extent == null || (whole && CustomSchema.isTypeMeta(name))) {
        continue;
      }
      fields.put(CelNames.escaped(name), extent);
      if (required.contains(name) && field.getValue().defaultValue() == null) {
        least += name.length() + extent.least + 4;
      }
    }
    if (whole) {
      CelExtent text = scalar(LARGEST_REQUEST - QUOTES, QUOTES);
      fields.put("apiVersion", text);
      fields.put("kind", text);
      Map<String, CelExtent> names = Map.of("name", text, "generateName", text);
      fields.put("metadata", new CelExtent(0, 2, names, null));
    }
    return new CelExtent(0, least, fields, null);
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).distinct().toList();
  }

  private static CelExtent text(CustomSchema schema) {
    long whole = LARGEST_REQUEST - QUOTES;
    return switch (schema.facts().path("format").asText("")) {
      case "byte" -> scalar(limit(schema, "maxLength", 1, whole), QUOTES);
      case "duration" -> scalar(LONGEST_TIME, SHORTEST_DURATION);
      case "date" -> scalar(DATE, DATE);
      case "date-time" -> scalar(LONGEST_TIME, SHORTEST_TIME);
      default -> scalar(limit(schema, "maxLength", CHARACTER, longestOf(schema, whole)), QUOTES);
    };
  }

  private static long longestOf(CustomSchema schema, long otherwise) {
    JsonNode values = schema.facts().path("enum");
    return values.isEmpty()
        ? otherwise
        : values.valueStream().mapToLong(value -> value.asText().length()).max().orElse(0);
  }

  private static long limit(CustomSchema schema, String name, long factor, long otherwise) {
    JsonNode limit = schema.facts().get(name);
    return limit == null || limit.isNull()
        ? otherwise
        : CelRange.product(Math.max(0, limit.asLong()), factor);
  }

  private static CelExtent scalar(long most, long least) {
    return new CelExtent(most, least, Map.of(), null);
  }
}
