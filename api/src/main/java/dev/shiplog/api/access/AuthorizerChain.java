package dev.shiplog.api.access;

import dev.shiplog.api.access.rbac.PolicyRule;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;

/**
 * Asks one authorizer after the other; the first that allows or refuses decides. Members of {@code
 * system:masters} may do everything, whatever there is or was made of the roles.
 */
public final class AuthorizerChain implements Authorizer {

  public static final String MASTERS = "system:masters";

  private final List<Authorizer> authorizers;

  public AuthorizerChain(List<Authorizer> authorizers) {
    this.authorizers = List.copyOf(authorizers);
  }

  /** Allows everything: for development. */
  public static AuthorizerChain alwaysAllow() {
    return new AuthorizerChain(List.of((user, attributes) -> Decision.allow("")));
  }

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    if (user.groups().contains(MASTERS)) {
      return Decision.allow("");
    }
    String reasons = "";
    for (Authorizer authorizer : authorizers) {
      Decision decision = authorizer.authorize(user, attributes);
      if (decision.allowed() || decision.refused()) {
        return decision;
      }
      if (!decision.reason().isEmpty()) {
        reasons = reasons.isEmpty() ? decision.reason() : reasons + "\n" + decision.reason();
      }
    }
    return Decision.deny(reasons);
  }

  @Override
  public UserRules rules(UserInfo user, String namespace) {
    UserRules all =
        user.groups().contains(MASTERS)
            ? new UserRules(PolicyRule.FULL_AUTHORITY, "")
            : UserRules.NONE;
    for (Authorizer authorizer : authorizers) {
      all = all.plus(authorizer.rules(user, namespace));
    }
    return all;
  }
}
