package dev.shiplog.api.schema.validation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The table of all kinds that have rules of their own, by name of their type. */
final class KindTable {

  private final Map<String, KindRules> byType = new HashMap<>();
  private final Map<String, KindRules> byAskedType = new HashMap<>();

  private KindTable() {}

  static KindTable all() {
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
    StorageClassRules.register(table);
    FlowRules.register(table);
    EventRules.register(table);
    QuotaRules.register(table);
    CertificateRules.register(table);
    AddressKindRules.register(table);
    ApiServiceRules.register(table);
    DeviceRules.register(table);
    RuntimeClassRules.register(table);
    return table;
  }

  /** The rules of the kind that is stored. */
  KindRules of(String typeName) {
    return byType.getOrDefault(typeName, KindRules.NONE);
  }

  /** What holds besides for those who write through this version, in the stored form. */
  KindRules ofAsked(String typeName) {
    return byAskedType.getOrDefault(typeName, KindRules.NONE);
  }

  /** Adds rules for a kind of a built-in group, such as {@code core.v1.Pod}. */
  void kind(String name, UnaryOperator<KindRules> rules) {
    named("io.k8s.api." + name, rules);
  }

  /** Adds rules for those who write through a version that asks for more than what is stored. */
  void asked(String name, UnaryOperator<KindRules> rules) {
    byAskedType.put("io.k8s.api." + name, rules.apply(KindRules.NONE));
  }

  void named(String typeName, UnaryOperator<KindRules> rules) {
    byType.put(typeName, rules.apply(byType.getOrDefault(typeName, KindRules.NONE)));
  }
}
