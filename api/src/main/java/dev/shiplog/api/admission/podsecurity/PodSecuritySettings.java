package dev.shiplog.api.admission.podsecurity;

import java.util.Set;

/**
 * What holds in namespaces that say nothing, and who is not asked.
 *
 * @param usernames whose requests pass
 * @param namespaces in which everything passes
 * @param runtimeClasses whose pods pass
 */
public record PodSecuritySettings(
    Level enforce,
    Level audit,
    Level warn,
    Set<String> usernames,
    Set<String> namespaces,
    Set<String> runtimeClasses) {

  /** Nothing is asked of anybody. */
  public static final PodSecuritySettings STANDARD =
      new PodSecuritySettings(
          Level.PRIVILEGED, Level.PRIVILEGED, Level.PRIVILEGED, Set.of(), Set.of(), Set.of());

  public PodSecuritySettings {
    usernames = Set.copyOf(usernames);
    namespaces = Set.copyOf(namespaces);
    runtimeClasses = Set.copyOf(runtimeClasses);
  }
}
