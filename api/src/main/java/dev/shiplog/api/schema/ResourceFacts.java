package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what Kubernetes serves, and what Shiplog serves beside it. */
final class ResourceFacts {

  private static final List<String> FILES =
      List.of("kubernetes-resources.json", "shiplog-resources.json");

  private ResourceFacts() {}

  static ResourceCatalogue load() {
    List<JsonNode> groups = new ArrayList<>();
    List<ResourceType> resources = new ArrayList<>();
    for (String file : FILES) {
      JsonNode facts = Facts.read(file);
      facts.get("groups").forEach(groups::add);
      facts.get("resources").forEach(resource -> addVersions(resource, resources));
    }
    return new ResourceCatalogue(groups(groups, resources), resources);
  }

  private static void addVersions(JsonNode resource, List<ResourceType> resources) {
    for (JsonNode version : resource.get("versions")) {
      if (version.get("defaultEnabled").booleanValue()) {
        resources.add(type(resource, version));
      }
    }
  }

  /** A group whose versions are all switched off is not served, nor one that has no resource. */
  private static List<ApiGroup> groups(List<JsonNode> groups, List<ResourceType> resources) {
    Map<String, Set<String>> served = new LinkedHashMap<>();
    resources.forEach(
        t -> served.computeIfAbsent(t.group(), g -> new LinkedHashSet<>()).add(t.version()));
    List<ApiGroup> result = new ArrayList<>();
    for (JsonNode group : groups) {
      Set<String> versions = served.getOrDefault(group.get("name").textValue(), Set.of());
      if (!versions.isEmpty()) {
        result.add(new ApiGroup(group.get("name").textValue(), preferredFirst(group, versions)));
      }
    }
    return result;
  }

  private static List<String> preferredFirst(JsonNode group, Set<String> served) {
    Set<String> ordered = new LinkedHashSet<>();
    ordered.add(group.get("preferredVersion").textValue());
    group.get("versions").forEach(v -> ordered.add(v.get("version").textValue()));
    ordered.retainAll(served);
    return List.copyOf(ordered);
  }

  private static ResourceType type(JsonNode resource, JsonNode version) {
    GroupVersion groupVersion =
        new GroupVersion(resource.get("group").textValue(), version.get("version").textValue());
    String plural = resource.get("plural").textValue();
    JsonNode storage = resource.path("storage");
    String storageGroup = storage.path("group").asText(groupVersion.group());
    boolean stored = storage.isObject();
    return new ResourceType(
        groupVersion,
        plural,
        resource.get("singular").textValue(),
        resource.get("kind").textValue(),
        resource.get("namespaced").booleanValue(),
        texts(resource.get("shortNames")),
        texts(resource.get("categories")),
        version.get("model").textValue(),
        Set.copyOf(texts(version.get("verbs"))),
        subresources(groupVersion, version.path("subresources")),
        stored ? Optional.of(StorageResource.of(plural, storageGroup)) : Optional.empty(),
        stored ? new GroupVersion(storageGroup, storage.get("version").textValue()) : groupVersion,
        storage.path("hash").asText(""),
        Optional.empty());
  }

  private static SortedMap<String, Subresource> subresources(GroupVersion parent, JsonNode facts) {
    SortedMap<String, Subresource> result = new TreeMap<>();
    facts
        .properties()
        .forEach(e -> result.put(e.getKey(), subresource(parent, e.getKey(), e.getValue())));
    return result;
  }

  private static Subresource subresource(GroupVersion parent, String name, JsonNode facts) {
    return new Subresource(
        name,
        facts.get("kind").textValue(),
        new GroupVersion(
            facts.path("group").asText(parent.group()),
            facts.path("version").asText(parent.version())),
        Set.copyOf(texts(facts.get("verbs"))),
        facts.path("connect").booleanValue());
  }

  private static List<String> texts(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(n -> result.add(n.textValue()));
    return result;
  }
}
