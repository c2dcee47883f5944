package dev.shiplog.api.schema.validation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The table of all kinds that have rules of their own, by name of their type. */
final class KindTable {

  private final Map<String, KindRules> byType = new HashMap<>();

  private KindTable() {}

  static Map<String, KindRules> all() {
    KindTable table = new KindTable();
    PodRules.register(table);
    WorkloadRules.register(table);
    BatchRules.register(table);
    ServiceRules.register(table);
    EndpointRules.register(table);
    ConfigRules.register(table);
    ClusterRules.register(table);
    StorageRules.register(table);
    AccessRules.register(table);
    NetworkRules.register(table);
    PolicyRules.register(table);
    AutoscalingRules.register(table);
    AdmissionRules.register(table);
    CustomResourceRules.register(table);
    return Map.copyOf(table.byType);
  }

  /** Adds rules for a kind of a built-in group, such as {@code core.v1.Pod}. */
  void kind(String name, UnaryOperator<KindRules> rules) {
    named("io.k8s.api." + name, rules);
  }

  void named(String typeName, UnaryOperator<KindRules> rules) {
    byType.put(typeName, rules.apply(byType.getOrDefault(typeName, KindRules.NONE)));
  }
}
