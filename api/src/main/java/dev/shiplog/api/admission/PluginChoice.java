package dev.shiplog.api.admission;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which plug-ins are on.
 *
 * @param enabled on besides those that are on by default
 * @param disabled off; it outranks both
 */
public record PluginChoice(Set<String> enabled, Set<String> disabled) {

  /** Plug-ins that are off unless they are asked for, as in Kubernetes. */
  private static final Set<String> OFF_BY_DEFAULT =
      Set.of(
          "DenyServiceExternalIPs",
          "ExtendedResourceToleration",
          "OwnerReferencesPermissionEnforcement");

  public PluginChoice {
    enabled = Set.copyOf(enabled);
    disabled = Set.copyOf(disabled);
  }

  /** What holds when nothing is said. */
  public static final PluginChoice DEFAULT = new PluginChoice(Set.of(), Set.of());

  public boolean includes(String plugin) {
    return !disabled.contains(plugin)
        && (enabled.contains(plugin) || !OFF_BY_DEFAULT.contains(plugin));
  }

  /** Of all plug-ins, in their order, those that are on. */
  public List<AdmissionPlugin> of(List<AdmissionPlugin> all) {
    return all.stream().filter(plugin -> includes(plugin.name())).toList();
  }

  /**
   * Refuses names that no plug-in has: a typing error must not leave a cluster open.
   *
   * @throws IllegalArgumentException naming those that are known
   */
  public void requireKnown(Collection<String> names) {
    Set<String> unknown = new HashSet<>(enabled);
    unknown.addAll(disabled);
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no admission plug-in %s; there are %s"
              .formatted(String.join(", ", unknown), String.join(", ", names)));
    }
  }
}
