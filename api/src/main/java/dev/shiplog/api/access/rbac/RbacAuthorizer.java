package dev.shiplog.api.access.rbac;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.UserRules;
import dev.shiplog.api.access.rbac.RbacPolicy.Grant;
import dev.shiplog.api.access.rbac.RbacPolicy.Subject;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Allows what a role says that was granted to the user or one of its groups. Any thread. */
public final class RbacAuthorizer implements Authorizer {

  private final Supplier<RbacPolicy> policy;

  /**
   * The authorizer.
   *
   * @param policy the roles and bindings as they are now
   */
  public RbacAuthorizer(Supplier<RbacPolicy> policy) {
    this.policy = policy;
  }

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    RbacPolicy now = policy.get();
    Search search = new Search(now, attributes);
    Optional<Grant> grant = find(now, user, attributes.namespace(), search);
    return grant
        .map(found -> Decision.allow("RBAC: allowed by " + found.shown()))
        .orElseGet(() -> Decision.deny(search.problems()));
  }

  @Override
  public UserRules rules(UserInfo user, String namespace) {
    RbacPolicy now = policy.get();
    List<PolicyRule> rules = new ArrayList<>();
    TreeSet<String> missing = new TreeSet<>();
    var _ =
        find(
            now,
            user,
            namespace,
            grant -> {
              now.rules(grant.role())
                  .ifPresentOrElse(rules::addAll, () -> missing.add(grant.role().missing()));
              return false;
            });
    return new UserRules(rules, String.join(", ", missing));
  }

  /** The rules of a role; empty if there is no such role. */
  Optional<List<PolicyRule>> rulesOf(RoleRef role) {
    return policy.get().rules(role);
  }

  private static Optional<Grant> find(
      RbacPolicy policy, UserInfo user, String namespace, Predicate<Grant> wanted) {
    Optional<Grant> found = find(policy, new Subject(false, user.username()), namespace, wanted);
    for (int i = 0; found.isEmpty() && i < user.groups().size(); i++) {
      found = find(policy, new Subject(true, user.groups().get(i)), namespace, wanted);
    }
    return found;
  }

  private static Optional<Grant> find(
      RbacPolicy policy, Subject subject, String namespace, Predicate<Grant> wanted) {
    for (Grant grant : policy.grants(subject, "")) {
      if (wanted.test(grant)) {
        return Optional.of(grant);
      }
    }
    if (!namespace.isEmpty()) {
      for (Grant grant : policy.grants(subject, namespace)) {
        if (wanted.test(grant)) {
          return Optional.of(grant);
        }
      }
    }
    return Optional.empty();
  }

  /** Looks for a grant that allows what is asked, and remembers which roles are not there. */
  private static final class Search implements Predicate<Grant> {

    private final RbacPolicy policy;
    private final Attributes asked;
    private final String resource;
    private TreeSet<String> missing;

    Search(RbacPolicy policy, Attributes asked) {
      this.policy = policy;
      this.asked = asked;
      this.resource = asked.resourceAndSubresource();
    }

    @Override
    public boolean test(Grant grant) {
      Optional<List<PolicyRule>> rules = policy.rules(grant.role());
      if (rules.isEmpty()) {
        missing = missing == null ? new TreeSet<>() : missing;
        missing.add(grant.role().missing());
        return false;
      }
      for (PolicyRule rule : rules.get()) {
        if (rule.allows(asked, resource)) {
          return true;
        }
      }
      return false;
    }

    String problems() {
      if (missing == null) {
        return "";
      }
      return missing.size() == 1
          ? "RBAC: " + missing.first()
          : "RBAC: [" + String.join(", ", missing) + "]";
    }
  }
}
