package dev.shiplog.scheduler.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    List<String> texts = new ArrayList<>();
    for (Args item : list(field)) {
      if (!item.json().isTextual()) {
        throw new InvalidConfiguration(item.path(), "must be a text");
      }
      texts.add(item.json().asText());
    }
    return texts;
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
    if (value.isMissingNode() || value.isNull()) {
      return byDefault;
    }
    if (!value.isBoolean()) {
      throw new InvalidConfiguration(at(field), "must be true or false");
    }
    return value.asBoolean();
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

  /** Checks that a field holds a number, if it is there. */
  public void number(String field) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isNumber()) {
      throw new InvalidConfiguration(at(field), "must be a number");
    }
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

  /** A time as Go writes it, for example {@code 1m30s}; in milliseconds. */
  public long duration(String field, long byDefaultMs) {
    String text = text(field, "");
    if (text.isEmpty()) {
      return byDefaultMs;
    }
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).toMillis();
    } catch (DateTimeParseException e) {
      throw new InvalidConfiguration(
          at(field), "Invalid value: \"" + text + "\": must be a time such as 1m30s");
    }
  }

  /** What is wrong with a field. */
  public InvalidConfiguration invalid(String field, String problem) {
    return new InvalidConfiguration(at(field), problem);
  }

  public boolean has(String field) {
    return json.hasNonNull(field);
  }

  private String at(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
