package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects as expressions see them. */
public final class CelValues {

  private static final Pattern DURATION_PART = Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h|d|w)");
  private static final Map<String, Double> NANOS =
      Map.of(
          "ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9, "d",
          86400e9, "w", 604800e9);

  private CelValues() {}

  /** The value, of whose type nothing is known. */
  public static Object of(JsonNode value) {
    return of(value, null);
  }

  /**
   * The value under its schema.
   *
   * @param schema null where nothing is said
   */
  static Object of(JsonNode value, CustomSchema schema) {
    return switch (value.getNodeType()) {
      case OBJECT -> object(value, schema);
      case ARRAY -> list(value, schema);
      case STRING -> text(value.textValue(), schema);
      case NUMBER -> number(value, schema);
      case BOOLEAN -> value.booleanValue();
      default -> NullValue.NULL_VALUE;
    };
  }

  private static Map<String, Object> object(JsonNode value, CustomSchema schema) {
    Map<String, Object> fields = new HashMap<>();
    boolean named = schema != null && schema.additional() == null;
    value
        .properties()
        .forEach(field -> {
          CustomSchema child = schema == null ? null : schema.child(field.getKey());
          String name = named ? CelNames.escaped(field.getKey()) : field.getKey();
          boolean unset = field.getValue().isNull() && named;
          if (!unset) {
            fields.put(name, of(field.getValue(), child));
          }
        });
    return fields;
  }

  private static List<Object> list(JsonNode value, CustomSchema schema) {
    List<Object> items = new ArrayList<>();
    value.forEach(item -> items.add(of(item, schema == null ? null : schema.items())));
    return items;
  }

  private static Object number(JsonNode value, CustomSchema schema) {
    boolean real = schema != null && schema.type().equals("number");
    return !real && value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
  }

  private static Object text(String text, CustomSchema schema) {
    String format = schema == null ? "" : schema.facts().path("format").asText("");
    return switch (format) {
      case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
      case "date" -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      case "date-time" -> OffsetDateTime.parse(text).toInstant();
      case "duration" -> duration(text);
      default -> text;
    };
  }

  private static Duration duration(String text) {
    double nanos = 0;
    Matcher part = DURATION_PART.matcher(text);
    while (part.find()) {
      nanos += Double.parseDouble(part.group(1)) * NANOS.get(part.group(2));
    }
    return Duration.ofNanos((long) (text.startsWith("-") ? -nanos : nanos));
  }
}
