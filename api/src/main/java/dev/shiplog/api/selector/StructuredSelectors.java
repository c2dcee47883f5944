package dev.shiplog.api.selector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads label selectors as objects have them: {@code matchLabels} and {@code matchExpressions}. */
public final class StructuredSelectors {

  private StructuredSelectors() {}

  /** Reads a selector; none, or an empty one, selects everything. */
  public static LabelSelector read(JsonNode selector) {
    List<LabelRequirement> requirements = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      requirements.add(
          new LabelRequirement(label.getKey(), Operator.IN, Set.of(label.getValue().asText())));
    }
    for (JsonNode term : selector.path("matchExpressions")) {
      Set<String> values = new LinkedHashSet<>();
      term.path("values").forEach(value -> values.add(value.asText()));
      requirements.add(
          new LabelRequirement(
              term.path("key").asText(), operator(term.path("operator").asText()), values));
    }
    return requirements.isEmpty() ? LabelSelector.EVERYTHING : new LabelSelector(requirements);
  }

  private static Operator operator(String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default -> Operator.EXISTS;
    };
  }
}
