package dev.shiplog.api.access;

import java.util.Set;

/** The paths at which the server tells whether it works. */
public final class HealthPaths {

  private static final Set<String> NAMES = Set.of("healthz", "livez", "readyz");

  /** Allows them to everybody: they must be answered before there are any roles. */
  public static final Authorizer ALLOWED =
      (user, asked) ->
          asked.verb().equals("get") && contain(asked.path())
              ? Authorizer.Decision.allow("")
              : Authorizer.Decision.deny("");

  private HealthPaths() {}

  /** Whether a path is one of them, or below. */
  public static boolean contain(String path) {
    if (path.length() < 2) {
      return false;
    }
    int second = path.indexOf('/', 1);
    return NAMES.contains(path.substring(1, second < 0 ? path.length() : second));
  }
}
