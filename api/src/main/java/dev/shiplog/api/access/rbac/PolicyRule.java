package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One rule of a role: verbs on resources, or verbs on paths. {@code *} stands for all; {@code *}
 * followed by a subresource for that subresource of all.
 *
 * @param resourceNames only objects of these names; none: all
 */
public record PolicyRule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls) {

  private static final String ALL = "*";

  /** All verbs on all resources, and all verbs on all paths. */
  public static final List<PolicyRule> FULL_AUTHORITY =
      List.of(
          new PolicyRule(List.of(ALL), List.of(ALL), List.of(ALL), List.of(), List.of()),
          new PolicyRule(List.of(ALL), List.of(), List.of(), List.of(), List.of(ALL)));

  public PolicyRule {
    verbs = List.copyOf(verbs);
    apiGroups = List.copyOf(apiGroups);
    resources = List.copyOf(resources);
    resourceNames = List.copyOf(resourceNames);
    nonResourceUrls = List.copyOf(nonResourceUrls);
  }

  /** The rules in a field {@code rules}. */
  public static List<PolicyRule> listOf(JsonNode role) {
    List<PolicyRule> rules = new ArrayList<>();
    role.path("rules").forEach(rule -> rules.add(of(rule)));
    return List.copyOf(rules);
  }

  private static PolicyRule of(JsonNode rule) {
    return new PolicyRule(
        texts(rule, "verbs"),
        texts(rule, "apiGroups"),
        texts(rule, "resources"),
        texts(rule, "resourceNames"),
        texts(rule, "nonResourceURLs"));
  }

  private static List<String> texts(JsonNode rule, String field) {
    List<String> texts = new ArrayList<>();
    rule.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The rule as an object of the API. */
  public ObjectNode tree() {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    put(tree, "verbs", verbs);
    put(tree, "apiGroups", apiGroups);
    put(tree, "resources", resources);
    put(tree, "resourceNames", resourceNames);
    put(tree, "nonResourceURLs", nonResourceUrls);
    return tree;
  }

  private static void put(ObjectNode tree, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = tree.putArray(field);
      texts.forEach(list::add);
    }
  }

  /**
   * Whether it allows what is asked.
   *
   * @param resource the asked resource with its subresource, as {@link
   *     Attributes#resourceAndSubresource} has it
   */
  boolean allows(Attributes asked, String resource) {
    if (!has(verbs, asked.verb())) {
      return false;
    }
    if (!asked.isResource()) {
      return coversPath(asked.path());
    }
    return has(apiGroups, asked.group())
        && coversResource(resource, asked.subresource())
        && (resourceNames.isEmpty() || resourceNames.contains(asked.name()));
  }

  boolean coversResource(String resource, String subresource) {
    return has(resources, resource) || (!subresource.isEmpty() && hasSubresourceOfAll(subresource));
  }

  private boolean hasSubresourceOfAll(String subresource) {
    for (String held : resources) {
      if (held.length() == subresource.length() + 2
          && held.startsWith("*/")
          && held.endsWith(subresource)) {
        return true;
      }
    }
    return false;
  }

  boolean coversPath(String path) {
    for (String held : nonResourceUrls) {
      if (held.equals(ALL) || held.equals(path)) {
        return true;
      }
      int end = held.length() - 1;
      if (end > 0 && held.charAt(end) == '*' && path.regionMatches(0, held, 0, end)) {
        return true;
      }
    }
    return false;
  }

  static boolean has(List<String> held, String wanted) {
    return held.contains(ALL) || held.contains(wanted);
  }

  /** As Kubernetes shows a rule to people: {@code {APIGroups:[""], Resources:["pods"], …}}. */
  String compact() {
    List<String> parts = new ArrayList<>();
    show(parts, "APIGroups", apiGroups);
    show(parts, "Resources", resources);
    show(parts, "NonResourceURLs", nonResourceUrls);
    show(parts, "ResourceNames", resourceNames);
    show(parts, "Verbs", verbs);
    return "{" + String.join(", ", parts) + "}";
  }

  private static void show(List<String> parts, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      parts.add(name + ":" + quoted(texts));
    }
  }

  static String quoted(List<String> texts) {
    return texts.stream()
        .map(text -> "\"" + text + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }
}
