package dev.shiplog.api.schema.defaulting;

import java.util.HashMap;
import java.util.Map;

/** The table of all defaults, by name of the type. */
final class DefaultRules {

  private final Map<String, TypeDefaults> byType = new HashMap<>();

  private DefaultRules() {}

  static Map<String, TypeDefaults> all() {
    DefaultRules rules = new DefaultRules();
    PodDefaults.register(rules);
    CoreDefaults.register(rules);
    VolumeDefaults.register(rules);
    ServiceDefaults.register(rules);
    WorkloadDefaults.register(rules);
    BatchDefaults.register(rules);
    AutoscalingDefaults.register(rules);
    AccessDefaults.register(rules);
    NetworkDefaults.register(rules);
    ExtensionDefaults.register(rules);
    ResourceClaimDefaults.register(rules);
    return Map.copyOf(rules.byType);
  }

  /** Opens the defaults of a type of a built-in group, such as {@code core.v1.Probe}. */
  TypeDefaults type(String name) {
    return named("io.k8s.api." + name);
  }

  TypeDefaults named(String name) {
    return byType.computeIfAbsent(name, n -> new TypeDefaults());
  }
}
