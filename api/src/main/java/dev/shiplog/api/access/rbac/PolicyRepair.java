package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What a default role or binding that is there lacks. Nothing is taken away: what somebody added
 * stays. One whose annotation {@link DefaultPolicy#AUTO_UPDATE} says {@code false} is left alone.
 */
public final class PolicyRepair {

  private PolicyRepair() {}

  /** The object with what it lacks; empty if it lacks nothing, or wants to be left alone. */
  public static Optional<ObjectNode> complete(ObjectNode found, ObjectNode wanted) {
    JsonNode annotations = found.path("metadata").path("annotations");
    if (annotations.path(DefaultPolicy.AUTO_UPDATE).asText("").equals("false")) {
      return Optional.empty();
    }
    ObjectNode complete = found.deepCopy();
    addEntries(complete, wanted, "labels");
    addEntries(complete, wanted, "annotations");
    if (wanted.has("roleRef")) {
      addMissing(complete, wanted, "/subjects");
    } else if (wanted.has("aggregationRule")) {
      addMissing(complete, wanted, "/aggregationRule/clusterRoleSelectors");
    } else {
      addRules(complete, wanted);
    }
    return complete.equals(found) ? Optional.empty() : Optional.of(complete);
  }

  /** Whether it binds another role than it should: no update can change that. */
  public static boolean bindsAnother(ObjectNode found, ObjectNode wanted) {
    return wanted.has("roleRef")
        && !found
            .at("/metadata/annotations")
            .path(DefaultPolicy.AUTO_UPDATE)
            .asText("")
            .equals("false")
        && !wanted.get("roleRef").equals(found.get("roleRef"));
  }

  private static void addEntries(ObjectNode complete, ObjectNode wanted, String field) {
    wanted
        .path("metadata")
        .path(field)
        .properties()
        .forEach(entry -> {
          ObjectNode there = complete.withObject("/metadata/" + field);
          if (!there.has(entry.getKey())) {
            there.set(entry.getKey(), entry.getValue());
          }
        });
  }

  private static void addMissing(ObjectNode complete, ObjectNode wanted, String list) {
    for (JsonNode entry : wanted.at(list)) {
      boolean there = false;
      for (JsonNode known : complete.at(list)) {
        there |= known.equals(entry);
      }
      if (!there) {
        complete.withArray(list).add(entry);
      }
    }
  }

  private static void addRules(ObjectNode complete, ObjectNode wanted) {
    List<PolicyRule> held = PolicyRule.listOf(complete);
    for (PolicyRule rule : PolicyRule.listOf(wanted)) {
      if (!RuleCoverage.missing(held, List.of(rule)).isEmpty()) {
        complete.withArray("/rules").add(rule.tree());
      }
    }
  }
}
