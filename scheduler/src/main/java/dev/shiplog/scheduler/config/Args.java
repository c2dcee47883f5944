package dev.shiplog.scheduler.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One object of a configuration. What is wrong in it is told with the path of the field, as
 * Kubernetes tells it.
 *
 * @param path where it stands, for example {@code profiles[0].plugins}
 * @param json the object; missing where nothing is given
 */
public record Args(String path, JsonNode json) {

  /**
   * Refuses fields that nobody knows: a mistyped one would be silently without effect.
   *
   * @throws InvalidConfiguration if there is one
   */
  public Args knows(String... fields) {
    Set<String> known = Set.of(fields);
    if (!json.isMissingNode() && !json.isNull() && !json.isObject()) {
      throw new InvalidConfiguration(path, "must be an object");
    }
    for (var field : json.properties()) {
      if (!known.contains(field.getKey())) {
        throw new InvalidConfiguration(
            at(field.getKey()), "unknown field; known are " + new TreeSet<>(known));
      }
    }
    return this;
  }

  /** The object in a field. */
  public Args object(String field) {
    return new Args(at(field), json.path(field));
  }

  /** The objects of a list; empty where it is missing. */
  public List<Args> list(String field) {
    JsonNode list = json.path(field);
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw new InvalidConfiguration(at(field), "must be a list");
    }
    List<Args> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(new Args(at(field) + "[" + i + "]", list.get(i)));
    }
    return items;
  }

  /** The texts of a list. */
  public List<String> texts(String field) {
    return list(field).stream().map(item -> item.json().asText()).toList();
  }

  public String text(String field, String byDefault) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return byDefault;
    }
    if (!value.isTextual()) {
      throw new InvalidConfiguration(at(field), "must be a text");
    }
    return value.asText();
  }

  /** A text that has to be there. */
  public String requiredText(String field) {
    String value = text(field, "");
    if (value.isEmpty()) {
      throw new InvalidConfiguration(at(field), "Required value");
    }
    return value;
  }

  public boolean bool(String field, boolean byDefault) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new InvalidConfiguration(at(field), "must be true or false");
    }
    return value.asBoolean(byDefault);
  }

  public int integer(String field, int byDefault, int least, int most) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return byDefault;
    }
    if (!value.canConvertToExactIntegral() || value.asLong() < least || value.asLong() > most) {
      throw new InvalidConfiguration(
          at(field), "Invalid value: " + value + ": must be from " + least + " to " + most);
    }
    return value.asInt();
  }

  /** One of a few texts. */
  public <T> T oneOf(String field, T byDefault, Function<String, T> read, String supported) {
    String text = text(field, "");
    if (text.isEmpty()) {
      return byDefault;
    }
    T value = read.apply(text);
    if (value == null) {
      throw new InvalidConfiguration(
          at(field), "Unsupported value: \"" + text + "\": supported values: " + supported);
    }
    return value;
  }

  public boolean has(String field) {
    return json.hasNonNull(field);
  }

  private String at(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
