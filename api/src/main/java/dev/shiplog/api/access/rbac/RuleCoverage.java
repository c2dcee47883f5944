package dev.shiplog.api.access.rbac;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether rules hold everything that other rules grant. Each granted rule is taken apart into
 * single rights (one verb, one group, one resource, one name); a right is held if one rule holds it
 * whole.
 */
final class RuleCoverage {

  /** What cannot be told from a role with that many rights is refused, not computed. */
  private static final int MOST_RIGHTS = 100_000;

  private RuleCoverage() {}

  /** What of the granted rights is not held, as rules for people, in order; empty if all is. */
  static Set<String> missing(List<PolicyRule> held, List<PolicyRule> granted) {
    List<PolicyRule> missing = new ArrayList<>();
    for (PolicyRule rule : granted) {
      if (held.stream().noneMatch(holder -> covers(holder, rule))) {
        for (PolicyRule right : rights(rule)) {
          if (held.stream().noneMatch(holder -> covers(holder, right))) {
            missing.add(right);
          }
        }
      }
    }
    Set<String> shown = new TreeSet<>();
    compact(missing).forEach(rule -> shown.add(rule.compact()));
    return shown;
  }

  private static boolean covers(PolicyRule holder, PolicyRule right) {
    return coversAll(holder.verbs(), right.verbs())
        && coversAll(holder.apiGroups(), right.apiGroups())
        && right.resources().stream().allMatch(one -> coversResource(holder, one))
        && coversNames(holder.resourceNames(), right.resourceNames(), right.resources())
        && right.nonResourceUrls().stream().allMatch(holder::coversPath);
  }

  private static boolean coversAll(List<String> held, List<String> wanted) {
    return held.contains("*") || held.containsAll(wanted);
  }

  private static boolean coversResource(PolicyRule holder, String resource) {
    int slash = resource.indexOf('/');
    return holder.coversResource(resource, slash < 0 ? "" : resource.substring(slash + 1));
  }

  private static boolean coversNames(
      List<String> held, List<String> wanted, List<String> resources) {
    return held.isEmpty() || resources.isEmpty() || (!wanted.isEmpty() && held.containsAll(wanted));
  }

  private static List<PolicyRule> rights(PolicyRule rule) {
    long count =
        (long) rule.verbs().size()
            * (Math.max(0, (long) rule.apiGroups().size() * rule.resources().size())
                    * Math.max(1, rule.resourceNames().size())
                + rule.nonResourceUrls().size());
    if (count > MOST_RIGHTS) {
      return List.of(rule);
    }
    List<PolicyRule> rights = new ArrayList<>();
    for (String verb : rule.verbs()) {
      for (String group : rule.apiGroups()) {
        rule.resources().forEach(resource -> rights.addAll(named(rule, verb, group, resource)));
      }
      for (String url : rule.nonResourceUrls()) {
        rights.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
      }
    }
    return rights;
  }

  private static List<PolicyRule> named(
      PolicyRule rule, String verb, String group, String resource) {
    List<List<String>> names =
        rule.resourceNames().isEmpty()
            ? List.of(List.of())
            : rule.resourceNames().stream().map(List::of).toList();
    return names.stream()
        .map(name ->
            new PolicyRule(List.of(verb), List.of(group), List.of(resource), name, List.of()))
        .toList();
  }

  /** Puts the verbs of one resource together again. */
  private static List<PolicyRule> compact(List<PolicyRule> rights) {
    Map<PolicyRule, Set<String>> verbs = new LinkedHashMap<>();
    for (PolicyRule right : rights) {
      verbs
          .computeIfAbsent(withVerbs(right, List.of()), _ -> new LinkedHashSet<>())
          .addAll(right.verbs());
    }
    List<PolicyRule> rules = new ArrayList<>();
    verbs.forEach((right, all) -> rules.add(withVerbs(right, List.copyOf(all))));
    return rules;
  }

  private static PolicyRule withVerbs(PolicyRule rule, List<String> verbs) {
    return new PolicyRule(
        verbs, rule.apiGroups(), rule.resources(), rule.resourceNames(), rule.nonResourceUrls());
  }
}
