package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks of single fields that many kinds share. A field that is absent passes. */
final class Checks {

  static final String IMMUTABLE = "field is immutable";
  private static final int LAST_PORT = 65535;
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,9})%");

  private final ObjectNode object;
  private final FieldPath path;
  private final Causes causes;

  /** Checks of the fields of an object that is at the path. */
  Checks(ObjectNode object, FieldPath path, Causes causes) {
    this.object = object;
    this.path = path;
    this.causes = causes;
  }

  Checks required(String field) {
    JsonNode value = at(object, field);
    if (value.isContainerNode() ? value.isEmpty() : value.asText("").isEmpty()) {
      causes.required(path.child(field));
    }
    return this;
  }

  Checks oneOf(String field, List<String> supported) {
    JsonNode value = at(object, field);
    if (!value.isMissingNode() && !supported.contains(value.asText())) {
      causes.notSupported(path.child(field), value.asText(), supported);
    }
    return this;
  }

  Checks name(String field, Names.Form form) {
    JsonNode value = at(object, field);
    if (!value.isMissingNode() && !value.asText().isEmpty()) {
      name(path.child(field), value.asText(), form, causes);
    }
    return this;
  }

  Checks nonNegative(String field) {
    return range(field, 0, Long.MAX_VALUE, "must be greater than or equal to 0");
  }

  Checks positive(String field) {
    return range(field, 1, Long.MAX_VALUE, "must be greater than 0");
  }

  Checks range(String field, long least, long most) {
    return range(field, least, most, "must be between " + least + " and " + most + ", inclusive");
  }

  Checks range(String field, long least, long most, String otherwise) {
    JsonNode value = at(object, field);
    if (value.isNumber() && (value.longValue() < least || value.longValue() > most)) {
      causes.invalid(path.child(field), value, otherwise);
    }
    return this;
  }

  Checks port(String field) {
    return range(field, 1, LAST_PORT);
  }

  /** A port's number, or the name of one. */
  Checks portOrName(String field) {
    JsonNode value = at(object, field);
    if (value.isTextual()) {
      name(path.child(field), value.textValue(), Names::portName, causes);
      return this;
    }
    return port(field);
  }

  /** A count or a percentage, neither negative. */
  Checks countOrPercent(String field) {
    JsonNode value = at(object, field);
    if (value.isTextual() && !PERCENT.matcher(value.textValue()).matches()) {
      causes.invalid(
          path.child(field), value, "a valid percent string must be a number followed by '%'");
    }
    return nonNegative(field);
  }

  Checks atMostWhole(String field) {
    if (percent(at(object, field)) > 100) {
      causes.invalid(path.child(field), object.get(field), "must not be greater than 100%");
    }
    return this;
  }

  /** The percentage, or -1 if the value is none. */
  static int percent(JsonNode value) {
    Matcher percent = PERCENT.matcher(value.asText(""));
    return value.isTextual() && percent.matches() ? Integer.parseInt(percent.group(1)) : -1;
  }

  Checks labels(String field) {
    labels(at(object, field), path.child(field), causes);
    return this;
  }

  Checks maxItems(String field, int most) {
    int size = at(object, field).size();
    if (size > most) {
      causes.tooMany(path.child(field), size, most);
    }
    return this;
  }

  /** Quantities of resources, none of them negative. */
  Checks quantities(String field) {
    at(object, field)
        .properties()
        .forEach(e -> {
          FieldPath key = path.child(field).key(e.getKey());
          name(key, e.getKey(), Names::qualified, causes);
          if (Quantity.parse(e.getValue().asText()).amount().signum() < 0) {
            causes.invalid(key, e.getValue(), "must be greater than or equal to 0");
          }
        });
    return this;
  }

  static void name(FieldPath path, String name, Names.Form form, Causes causes) {
    form.problems(name).forEach(problem -> causes.invalid(path, name, problem));
  }

  static void labels(JsonNode labels, FieldPath path, Causes causes) {
    labels
        .properties()
        .forEach(e -> {
          name(path, e.getKey(), Names::qualified, causes);
          name(path, e.getValue().asText(), Names::labelValue, causes);
        });
  }

  /** Items of a list must differ in a field; an item without it is not looked at. */
  static void unique(JsonNode list, FieldPath path, String field, Causes causes) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String value = list.get(i).path(field).asText("");
      if (!value.isEmpty() && !seen.add(value)) {
        causes.duplicate(path.index(i).child(field), value);
      }
    }
  }

  /** Exactly one of the fields must be there. */
  static void exactlyOne(
      ObjectNode object, FieldPath path, List<String> fields, String what, Causes causes) {
    int found = 0;
    for (String field : fields) {
      if (!at(object, field).isMissingNode() && ++found > 1) {
        causes.forbidden(path.child(field), "may not specify more than 1 " + what);
      }
    }
    if (found == 0) {
      causes.required(path, "must specify a " + what);
    }
  }

  static void immutable(
      ObjectNode object, ObjectNode old, FieldPath path, String field, Causes causes) {
    if (!at(object, field).equals(at(old, field))) {
      causes.invalid(path.child(field), at(object, field), IMMUTABLE);
    }
  }
}
