package dev.shiplog.api.admission.matching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;

/** One rule with operations and resources ({@code RuleWithOperations}). Empty names: all. */
record Rule(
    List<String> operations,
    List<String> groups,
    List<String> versions,
    List<String> resources,
    String scope,
    List<String> names) {

  static List<Rule> all(JsonNode object, String field) {
    List<Rule> rules = new ArrayList<>();
    for (ObjectNode rule : Trees.objects(object, field)) {
      rules.add(
          new Rule(
              Trees.texts(rule, "operations"),
              Trees.texts(rule, "apiGroups"),
              Trees.texts(rule, "apiVersions"),
              Trees.texts(rule, "resources"),
              Trees.text(rule, "scope"),
              Trees.texts(rule, "resourceNames")));
    }
    return List.copyOf(rules);
  }

  boolean matchesOperation(Operation operation) {
    return operations.contains("*") || operations.contains(operation.name());
  }

  boolean matchesName(String name) {
    return names.isEmpty() || names.contains(name);
  }

  boolean matches(ResourceType type, String subresource) {
    return matchesScope(type)
        && contains(groups, type.group())
        && contains(versions, type.version())
        && matchesResource(type.plural(), subresource);
  }

  private boolean matchesScope(ResourceType type) {
    return switch (scope) {
      case "Namespaced" -> type.namespaced();
      case "Cluster" -> !type.namespaced();
      default -> true;
    };
  }

  private boolean matchesResource(String plural, String subresource) {
    for (String resource : resources) {
      int slash = resource.indexOf('/');
      String main = slash < 0 ? resource : resource.substring(0, slash);
      String sub = slash < 0 ? "" : resource.substring(slash + 1);
      boolean mainFits = main.equals("*") || main.equals(plural);
      if (mainFits && (sub.equals("*") || sub.equals(subresource))) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(List<String> wanted, String value) {
    return wanted.contains("*") || wanted.contains(value);
  }
}
