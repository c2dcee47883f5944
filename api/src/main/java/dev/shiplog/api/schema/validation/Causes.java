package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is found wrong with an object, worded as Kubernetes words it. Of two findings of one type
 * about one field the first stays: the layers of validation overlap. One thread.
 */
public final class Causes {

  /** Values are shown to be recognized, not to be read in full. */
  private static final int LONGEST_VALUE = 500;

  /** What Kubernetes calls the field of a finding about the object itself. */
  private static final String WHOLE_OBJECT = "<nil>";

  private final Map<String, StatusCause> causes = new LinkedHashMap<>();

  public void required(FieldPath field, String detail) {
    add("FieldValueRequired", "Required value", field, detail);
  }

  public void required(FieldPath field) {
    required(field, "");
  }

  public void invalid(FieldPath field, JsonNode value, String detail) {
    add("FieldValueInvalid", "Invalid value: " + shown(value), field, detail);
  }

  public void invalid(FieldPath field, String value, String detail) {
    invalid(field, TextNode.valueOf(value), detail);
  }

  /** A value of another type than the field has; {@code found} names the type. */
  public void typeInvalid(FieldPath field, String found, String detail) {
    add("FieldValueTypeInvalid", "Invalid value: " + shown(TextNode.valueOf(found)), field, detail);
  }

  /** A finding that is told as a reason of its own: {@code FieldValueForbidden} and the like. */
  public void other(String type, String message, FieldPath field) {
    add(type, message, field, "");
  }

  public boolean isEmpty() {
    return causes.isEmpty();
  }

  public void forbidden(FieldPath field, String detail) {
    add("FieldValueForbidden", "Forbidden", field, detail);
  }

  public void duplicate(FieldPath field, JsonNode value) {
    add("FieldValueDuplicate", "Duplicate value: " + shown(value), field, "");
  }

  public void duplicate(FieldPath field, String value) {
    duplicate(field, TextNode.valueOf(value));
  }

  public void notFound(FieldPath field, String value) {
    add("FieldValueNotFound", "Not found: " + shown(TextNode.valueOf(value)), field, "");
  }

  public void notSupported(FieldPath field, String value, Collection<String> supported) {
    notAmong(field, value, supported.stream().sorted().toList());
  }

  /** The same where Kubernetes names the supported values in an order of its own. */
  void notAmong(FieldPath field, String value, List<String> supported) {
    add(
        "FieldValueNotSupported",
        "Unsupported value: " + shown(TextNode.valueOf(value)),
        field,
        "supported values: "
            + supported.stream()
                .map(s -> TextNode.valueOf(s).toString())
                .collect(Collectors.joining(", ")));
  }

  public void tooLong(FieldPath field, int limit) {
    add("FieldValueTooLong", "Too long", field, "may not be more than " + limit + " bytes");
  }

  public void tooMany(FieldPath field, int count, int limit) {
    add(
        "FieldValueTooMany",
        "Too many: " + count,
        field,
        "must have at most " + limit + " item" + (limit == 1 ? "" : "s"));
  }

  public List<StatusCause> list() {
    return new ArrayList<>(causes.values());
  }

  private void add(String type, String message, FieldPath field, String detail) {
    String path = field == FieldPath.ROOT ? WHOLE_OBJECT : field.toString();
    String text = detail.isEmpty() ? message : message + ": " + detail;
    // Several values of one field may be duplicates or unsupported, each worth its cause; of two
    // that say it is missing, the one that says more stays.
    boolean missing = type.equals("FieldValueRequired");
    causes.merge(
        missing ? type + path : type + path + message,
        new StatusCause(type, text, path),
        (known, added) ->
            missing && added.message().length() > known.message().length() ? added : known);
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "null" : value.toString();
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }
}
