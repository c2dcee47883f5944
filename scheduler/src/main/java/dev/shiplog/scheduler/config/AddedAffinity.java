package dev.shiplog.scheduler.config;

import java.util.List;

/** Checks a node affinity in a configuration, where no API server has checked it before. */
final class AddedAffinity {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final String OPERATORS =
      "\"DoesNotExist\", \"Exists\", \"Gt\", \"In\", \"Lt\", \"NotIn\"";

  private AddedAffinity() {}

  /**
   * Checks it.
   *
   * @throws InvalidConfiguration if a field is wrong
   */
  static void check(Args affinity) {
    affinity.knows(REQUIRED, PREFERRED);
    if (affinity.has(REQUIRED)) {
      Args required = affinity.object(REQUIRED).knows("nodeSelectorTerms");
      List<Args> terms = required.list("nodeSelectorTerms");
      if (terms.isEmpty()) {
        throw required.invalid(
            "nodeSelectorTerms", "Required value: must have at least one node selector term");
      }
      terms.forEach(AddedAffinity::term);
    }
    for (Args preferred : affinity.list(PREFERRED)) {
      preferred.knows("weight", "preference").integer("weight", 0, 1, 100);
      if (!preferred.has("weight")) {
        throw preferred.invalid("weight", "Required value");
      }
      term(preferred.object("preference"));
    }
  }

  private static void term(Args term) {
    term.knows("matchExpressions", "matchFields");
    term.list("matchExpressions").forEach(AddedAffinity::requirement);
    for (Args field : term.list("matchFields")) {
      requirement(field);
      if (!field.requiredText("key").equals("metadata.name")) {
        throw field.invalid("key", "Unsupported value: supported values: \"metadata.name\"");
      }
    }
  }

  private static void requirement(Args requirement) {
    requirement.knows("key", "operator", "values").requiredText("key");
    requirement.requiredText("operator");
    int values = requirement.texts("values").size();
    boolean right = requirement.oneOf("operator", false, text -> suits(text, values), OPERATORS);
    if (!right) {
      throw requirement.invalid("values", "Invalid value: not as many as the operator takes");
    }
  }

  private static Boolean suits(String operator, int values) {
    return switch (operator) {
      case "In", "NotIn" -> values > 0;
      case "Exists", "DoesNotExist" -> values == 0;
      case "Gt", "Lt" -> values == 1;
      default -> null;
    };
  }
}
