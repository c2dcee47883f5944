package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;

/**
 * One condition on labels (or, in a node selector, on fields).
 *
 * @param values what the operator compares with; for Gt and Lt a single integer
 */
public record Requirement(String key, Operator operator, List<String> values) {

  /** How a label is compared. A label that is missing satisfies NotIn and DoesNotExist. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist"),
    GT("Gt"),
    LT("Lt");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /**
     * The operator of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Operator parse(String text) {
      for (Operator operator : values()) {
        if (operator.text.equals(text)) {
          return operator;
        }
      }
      throw new IllegalArgumentException("no operator of a selector: '" + text + "'");
    }
  }

  public Requirement {
    values = List.copyOf(values);
  }

  /** A label must have that value. */
  static Requirement equal(String key, String value) {
    return new Requirement(key, Operator.IN, List.of(value));
  }

  public boolean matches(Map<String, String> labels) {
    String label = labels.get(key);
    return switch (operator) {
      case IN -> label != null && values.contains(label);
      case NOT_IN -> label == null || !values.contains(label);
      case EXISTS -> label != null;
      case DOES_NOT_EXIST -> label == null;
      case GT -> label != null && compareAsIntegers(label) > 0;
      case LT -> label != null && compareAsIntegers(label) < 0;
    };
  }

  /** Of what is no integer nothing is greater or less, so that neither operator matches. */
  private int compareAsIntegers(String label) {
    try {
      return Long.compare(Long.parseLong(label), Long.parseLong(values.getFirst()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static boolean allMatch(List<Requirement> requirements, Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }
}
