package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApi;
import dev.shiplog.api.aggregation.ExtensionApis.Documents;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.topics.record.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Adds to discovery what other servers serve. Pure; any thread.
 *
 * @param apis what they serve
 * @param documents what they say of it, as far as it is known
 */
public record ExtensionDiscovery(List<ExtensionApi> apis, Map<GroupVersion, Documents> documents) {

  public static final ExtensionDiscovery NOTHING = new ExtensionDiscovery(List.of(), Map.of());

  /** Adds to {@code /apis}, in place. */
  public void addToGroups(ObjectNode groupList) {
    ArrayNode groups = groupList.withArray("/groups");
    for (ExtensionApi api : ordered()) {
      ObjectNode group = entry(groups, "name", api.groupVersion().group());
      addVersion(group, api.groupVersion());
    }
  }

  /** {@code /apis/GROUP}, given what this server itself says of it, if anything. */
  public ObjectNode group(String name, ObjectNode own) {
    ObjectNode group = own == null ? Json.MAPPER.createObjectNode() : own;
    for (ExtensionApi api : ordered()) {
      if (api.groupVersion().group().equals(name)) {
        group.put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        addVersion(group, api.groupVersion());
      }
    }
    return group;
  }

  /** Adds to the document that holds everything, in place. */
  public void addToAggregated(ObjectNode list) {
    ArrayNode items = list.withArray("/items");
    for (ExtensionApi api : ordered()) {
      Documents said = documents.get(api.groupVersion());
      ObjectNode version = Json.MAPPER.createObjectNode();
      version.put("version", api.groupVersion().version());
      ArrayNode resources = version.putArray("resources");
      if (said != null) {
        said.resources().path("resources").forEach(one -> addResource(resources, api, one));
      }
      version.put("freshness", said != null && api.available() ? "Current" : "Stale");
      put(group(items, api.groupVersion().group()).withArray("/versions"), version);
    }
  }

  /** What another server serves takes the place of what this one would. */
  private static void put(ArrayNode versions, ObjectNode version) {
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).path("version").equals(version.path("version"))) {
        versions.set(i, version);
        return;
      }
    }
    versions.add(version);
  }

  private List<ExtensionApi> ordered() {
    return apis.stream()
        .sorted(
            Comparator.comparingInt(ExtensionApi::groupPriority)
                .thenComparingInt(ExtensionApi::versionPriority)
                .reversed()
                .thenComparing(ExtensionApi::name))
        .toList();
  }

  private static void addVersion(ObjectNode group, GroupVersion served) {
    ObjectNode version =
        Json.MAPPER
            .createObjectNode()
            .put("groupVersion", served.apiVersion())
            .put("version", served.version());
    put(group.withArray("/versions"), version);
    if (!group.has("preferredVersion")) {
      group.set("preferredVersion", version.deepCopy());
    }
  }

  private static ObjectNode entry(ArrayNode list, String field, String value) {
    for (JsonNode known : list) {
      if (known.path(field).asText().equals(value)) {
        return (ObjectNode) known;
      }
    }
    return list.addObject().put(field, value);
  }

  private static ObjectNode group(ArrayNode items, String name) {
    for (JsonNode known : items) {
      if (known.at("/metadata/name").asText().equals(name)) {
        return (ObjectNode) known;
      }
    }
    ObjectNode group = items.addObject();
    group.putObject("metadata").put("name", name);
    return group;
  }

  /** A resource of the older document; its subresources come after it there, named with a slash. */
  private static void addResource(ArrayNode resources, ExtensionApi api, JsonNode one) {
    String[] name = one.path("name").asText().split("/", 2);
    if (name.length == 1) {
      ObjectNode resource = resources.addObject().put("resource", name[0]);
      resource.set("responseKind", kind(api, one));
      resource.put("scope", one.path("namespaced").asBoolean() ? "Namespaced" : "Cluster");
      resource.put("singularResource", one.path("singularName").asText());
      for (String field : List.of("verbs", "shortNames", "categories")) {
        if (one.has(field)) {
          resource.set(field, one.get(field));
        }
      }
      return;
    }
    ObjectNode subresource =
        entry(resources, "resource", name[0])
            .withArray("/subresources")
            .addObject()
            .put("subresource", name[1]);
    subresource.set("responseKind", kind(api, one));
    subresource.set("verbs", one.path("verbs"));
  }

  private static ObjectNode kind(ExtensionApi api, JsonNode one) {
    return Json.MAPPER
        .createObjectNode()
        .put("group", one.path("group").asText(api.groupVersion().group()))
        .put("version", one.path("version").asText(api.groupVersion().version()))
        .put("kind", one.path("kind").asText());
  }
}
