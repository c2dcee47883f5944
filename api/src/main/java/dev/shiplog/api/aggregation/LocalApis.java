package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.record.Json;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The APIServices of what the API server serves itself: one for each group and version. How they
 * are kept is said by a label, as in Kubernetes: those of built-in groups are looked at when a
 * server begins to lead, those of custom resources always. The group of APIServices has none, as in
 * Kubernetes. Pure; any thread.
 */
final class LocalApis {

  /** Says how an APIService is kept: {@link #ON_START} or {@link #ALWAYS}. */
  static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";

  static final String ON_START = "onstart";
  static final String ALWAYS = "true";

  private static final int CUSTOM_GROUP = 1000;
  private static final int CUSTOM_VERSION = 100;
  private static final int OTHER_GROUP = 15_000;
  private static final int USUAL_VERSION = 15;

  /** Where the groups of Kubernetes stand among each other, as it documents them. */
  private static final Map<String, Integer> GROUPS =
      Map.ofEntries(
          Map.entry("", 18_000),
          Map.entry("apps", 17_800),
          Map.entry("events.k8s.io", 17_750),
          Map.entry("authentication.k8s.io", 17_700),
          Map.entry("authorization.k8s.io", 17_600),
          Map.entry("autoscaling", 17_500),
          Map.entry("batch", 17_400),
          Map.entry("certificates.k8s.io", 17_300),
          Map.entry("networking.k8s.io", 17_200),
          Map.entry("policy", 17_100),
          Map.entry("rbac.authorization.k8s.io", 17_000),
          Map.entry("storage.k8s.io", 16_800),
          Map.entry("admissionregistration.k8s.io", 16_700),
          Map.entry("apiextensions.k8s.io", 16_700),
          Map.entry("scheduling.k8s.io", 16_600),
          Map.entry("coordination.k8s.io", 16_500),
          Map.entry("node.k8s.io", 16_300),
          Map.entry("discovery.k8s.io", 16_200),
          Map.entry("resource.k8s.io", 16_200),
          Map.entry("flowcontrol.apiserver.k8s.io", 16_100));

  /** Versions that do not stand where most do. */
  private static final Map<String, Integer> VERSIONS =
      Map.of(
          "v1", 1,
          "autoscaling/v2", 30,
          "flowcontrol.apiserver.k8s.io/v1", 21,
          "resource.k8s.io/v1", 20);

  private LocalApis() {}

  /** What there should be, by name. */
  static SortedMap<String, ObjectNode> of(ResourceCatalogue catalogue) {
    SortedMap<String, ObjectNode> wanted = new TreeMap<>();
    for (ApiGroup group : catalogue.groups()) {
      if (!group.name().equals(ExtensionApis.RESOURCE.group())) {
        for (String version : group.versions()) {
          GroupVersion served = new GroupVersion(group.name(), version);
          wanted.put(name(served), apiService(served, isCustom(catalogue, served)));
        }
      }
    }
    return wanted;
  }

  private static boolean isCustom(ResourceCatalogue catalogue, GroupVersion served) {
    return catalogue.in(served).stream().map(ResourceType::custom).allMatch(c -> c.isPresent());
  }

  private static String name(GroupVersion served) {
    return served.version() + "." + served.group();
  }

  private static ObjectNode apiService(GroupVersion served, boolean custom) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("kind", "APIService").put("apiVersion", "apiregistration.k8s.io/v1");
    object
        .putObject("metadata")
        .put("name", name(served))
        .putObject("labels")
        .put(MANAGED, custom ? ALWAYS : ON_START);
    object
        .putObject("spec")
        .put("group", served.group())
        .put("version", served.version())
        .put(
            "groupPriorityMinimum",
            custom ? CUSTOM_GROUP : GROUPS.getOrDefault(served.group(), OTHER_GROUP))
        .put(
            "versionPriority",
            custom ? CUSTOM_VERSION : VERSIONS.getOrDefault(served.apiVersion(), USUAL_VERSION));
    return object;
  }
}
