package dev.shiplog.api.selector;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One condition of a label selector.
 *
 * @param key label
 * @param operator how its value is compared
 * @param values with what; none for {@link Operator#EXISTS} and {@link Operator#DOES_NOT_EXIST}
 */
public record LabelRequirement(String key, Operator operator, Set<String> values) {

  /** How a label's value is compared. */
  public enum Operator {
    EXISTS,
    DOES_NOT_EXIST,
    IN,
    NOT_IN,
    GREATER_THAN,
    LESS_THAN
  }

  public LabelRequirement {
    values = Set.copyOf(values);
  }

  /** Whether labels meet it. A label that is absent meets {@code NOT_IN}. */
  public boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case GREATER_THAN -> compares(value, 1);
      case LESS_THAN -> compares(value, -1);
    };
  }

  private boolean compares(String value, int sign) {
    if (value == null) {
      return false;
    }
    try {
      return Long.signum(
              Long.compare(Long.parseLong(value), Long.parseLong(values.iterator().next())))
          == sign;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }

  /** In the grammar of {@link LabelSelector#parse}. */
  @Override
  public String toString() {
    return switch (operator) {
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case IN ->
          values.size() == 1 ? key + "=" + values.iterator().next() : key + " in " + inBrackets();
      case NOT_IN ->
          values.size() == 1
              ? key + "!=" + values.iterator().next()
              : key + " notin " + inBrackets();
      case GREATER_THAN -> key + ">" + values.iterator().next();
      case LESS_THAN -> key + "<" + values.iterator().next();
    };
  }

  private String inBrackets() {
    return "(" + String.join(",", new TreeSet<>(values)) + ")";
  }
}
