package dev.shiplog.agent.policy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/** What label selectors select. */
final class LabelSelectors {

  private LabelSelectors() {}

  /** Whether the labels fulfil all of the selector; an empty one selects everything. */
  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> exact = selector.getMatchLabels();
    boolean exactly =
        exact == null
            || exact.entrySet().stream().allMatch(e -> e.getValue().equals(labels.get(e.getKey())));
    return exactly
        && selector.getMatchExpressions().stream().allMatch(each -> fulfils(each, labels));
  }

  private static boolean fulfils(LabelSelectorRequirement wanted, Map<String, String> labels) {
    String value = labels.get(wanted.getKey());
    return switch (wanted.getOperator()) {
      case "In" -> value != null && wanted.getValues().contains(value);
      case "NotIn" -> value == null || !wanted.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      // Nothing is let through by what is not understood.
      default -> false;
    };
  }
}
