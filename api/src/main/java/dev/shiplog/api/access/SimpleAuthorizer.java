package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.util.Set;

/**
 * Authorization without roles: whoever is authenticated may do everything, except that nodes are
 * held to what node agents need ({@link NodeRules}), and nobody else may ask for more than health
 * and version.
 */
public final class SimpleAuthorizer implements Authorizer {

  private static final String MASTERS = "system:masters";
  private static final String NODES = "system:nodes";
  private static final Set<String> PUBLIC_PATHS =
      Set.of("/healthz", "/livez", "/readyz", "/version");

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    if (user.groups().contains(MASTERS)) {
      return Decision.allow("");
    }
    if (user.groups().contains(NODES)) {
      return NodeRules.decide(user.username(), attributes);
    }
    if (user.groups().contains(Authentication.AUTHENTICATED)) {
      return Decision.allow("");
    }
    return attributes.verb().equals("get") && isPublic(attributes.path())
        ? Decision.allow("")
        : Decision.deny("");
  }

  private static boolean isPublic(String path) {
    int second = path.indexOf('/', 1);
    return PUBLIC_PATHS.contains(second < 0 ? path : path.substring(0, second));
  }
}
