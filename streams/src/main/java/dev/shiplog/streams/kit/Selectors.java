package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label selectors, with Kubernetes' meaning. */
public final class Selectors {

  /**
   * A term: {@code key=value}, {@code key!=value}, {@code key in (a,b)}, {@code key}, {@code !key}.
   */
  private static final Pattern TERM =
      Pattern.compile(
          "(?<not>!)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\\s*"
              + "(?:(?<equal>!=|==?)\\s*(?<value>[-A-Za-z0-9_.]*)"
              + "|\\b(?<set>in|notin)\\s*\\(\\s*(?<values>[^)]*?)\\s*\\))?");

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

  /** A selector in the text form that query strings carry. */
  public static String text(LabelSelector selector) {
    List<String> terms = new ArrayList<>();
    if (selector != null && selector.getMatchLabels() != null) {
      new TreeMap<>(selector.getMatchLabels())
          .forEach((key, value) -> terms.add(key + "=" + value));
    }
    if (selector != null) {
      selector.getMatchExpressions().forEach(requirement -> terms.add(text(requirement)));
    }
    return String.join(",", terms);
  }

  private static String text(LabelSelectorRequirement requirement) {
    String values = " (" + String.join(",", requirement.getValues()) + ")";
    return switch (requirement.getOperator()) {
      case "In" -> requirement.getKey() + " in" + values;
      case "NotIn" -> requirement.getKey() + " notin" + values;
      case "DoesNotExist" -> "!" + requirement.getKey();
      default -> requirement.getKey();
    };
  }

  /** Reads that form, as the API server writes it. */
  public static LabelSelector parse(String text) {
    LabelSelectorBuilder selector = new LabelSelectorBuilder();
    Matcher term = TERM.matcher(text);
    while (term.find()) {
      if (term.group("set") != null) {
        selector
            .addNewMatchExpression()
            .withKey(term.group("key"))
            .withOperator(term.group("set").equals("in") ? "In" : "NotIn")
            .withValues(term.group("values").split("\\s*,\\s*"))
            .endMatchExpression();
      } else if (term.group("equal") == null) {
        String operator = term.group("not") == null ? "Exists" : "DoesNotExist";
        selector
            .addNewMatchExpression()
            .withKey(term.group("key"))
            .withOperator(operator)
            .endMatchExpression();
      } else if (term.group("equal").equals("!=")) {
        selector
            .addNewMatchExpression()
            .withKey(term.group("key"))
            .withOperator("NotIn")
            .withValues(term.group("value"))
            .endMatchExpression();
      } else {
        selector.addToMatchLabels(term.group("key"), term.group("value"));
      }
    }
    return selector.build();
  }

  private static Map<String, String> labelsOf(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
