package dev.shiplog.api.access;

import dev.shiplog.api.access.rbac.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What an authorizer can tell of a user's rights.
 *
 * @param incomplete why there may be more; empty if these are all
 */
public record UserRules(List<PolicyRule> rules, String incomplete) {

  public static final UserRules NONE = new UserRules(List.of(), "");

  public UserRules {
    rules = List.copyOf(rules);
  }

  /** These and others. */
  UserRules plus(UserRules others) {
    List<PolicyRule> all = new ArrayList<>(rules);
    all.addAll(others.rules);
    String both = incomplete.isEmpty() || others.incomplete.isEmpty() ? "" : ", ";
    return new UserRules(all, incomplete + both + others.incomplete);
  }
}
