package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import java.util.function.Predicate;

/** Label selectors, with Kubernetes' meaning. */
public final class Selectors {

  private Selectors() {}

  /** Matches by labels: null matches nothing, an empty selector everything. */
  public static Predicate<HasMetadata> matching(LabelSelector selector) {
    return object -> matches(selector, labelsOf(object));
  }

  /** The plain map of Services and ReplicationControllers: null or empty matches nothing. */
  public static Predicate<HasMetadata> matching(Map<String, String> selector) {
    return object -> matches(selector, labelsOf(object));
  }

  public static boolean matches(Map<String, String> selector, Map<String, String> labels) {
    return selector != null
        && !selector.isEmpty()
        && labels.entrySet().containsAll(selector.entrySet());
  }

  public static boolean matches(LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    Map<String, String> exact = selector.getMatchLabels();
    return (exact == null || labels.entrySet().containsAll(exact.entrySet()))
        && selector.getMatchExpressions().stream().allMatch(r -> matches(r, labels));
  }

  /** True for null and for a selector without requirements. */
  public static boolean isEmpty(LabelSelector selector) {
    return selector == null
        || ((selector.getMatchLabels() == null || selector.getMatchLabels().isEmpty())
            && selector.getMatchExpressions().isEmpty());
  }

  private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false; // validation refuses any other
    };
  }

  private static Map<String, String> labelsOf(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
