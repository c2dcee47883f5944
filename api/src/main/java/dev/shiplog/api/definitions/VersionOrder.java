package dev.shiplog.api.definitions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which Kubernetes prefers versions: stable ones before betas before alphas, the
 * higher number first; whatever is named otherwise follows by name.
 */
final class VersionOrder {

  private static final Pattern VERSION =
      Pattern.compile("v([0-9]{1,9})(?:(alpha|beta)([0-9]{1,9}))?");

  private VersionOrder() {}

  static int compare(String one, String other) {
    Matcher first = VERSION.matcher(one);
    Matcher second = VERSION.matcher(other);
    if (!first.matches() || !second.matches()) {
      return first.matches() ? -1 : second.matches() ? 1 : one.compareTo(other);
    }
    int byStability = Integer.compare(stability(second), stability(first));
    int byMajor = Integer.compare(number(second, 1), number(first, 1));
    int byMinor = Integer.compare(number(second, 3), number(first, 3));
    return byStability != 0 ? byStability : byMajor != 0 ? byMajor : byMinor;
  }

  private static int stability(Matcher version) {
    return version.group(2) == null ? 2 : version.group(2).equals("beta") ? 1 : 0;
  }

  private static int number(Matcher version, int group) {
    return version.group(group) == null ? 0 : Integer.parseInt(version.group(group));
  }
}
