package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.topics.record.Json;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The discovery documents of a catalogue, one request for each document as older clients ask:
 * {@code /api}, {@code /apis}, a group, a version of a group. Pure; any thread.
 *
 * @see AggregatedDiscovery the same in one document
 */
public final class Discovery {

  private static final String CORE = "";

  private final ResourceCatalogue catalogue;

  public Discovery(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * {@code /api}: the versions of the core group.
   *
   * @param address {@code host:port} at which the client reached this server
   */
  public ObjectNode coreVersions(String address) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("kind", "APIVersions");
    ArrayNode versions = node.putArray("versions");
    catalogue.group(CORE).stream()
        .flatMap(group -> group.versions().stream())
        .forEach(versions::add);
    node.putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", address);
    return node;
  }

  /** {@code /apis}: every group but the core one. */
  public ObjectNode groups() {
    ObjectNode node =
        Json.MAPPER.createObjectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = node.putArray("groups");
    catalogue.groups().stream()
        .filter(group -> !group.name().equals(CORE))
        .forEach(group -> groups.add(versionsOf(group)));
    return node;
  }

  /** {@code /apis/GROUP}; empty if there is no such group. */
  public Optional<ObjectNode> group(String name) {
    return catalogue
        .group(name)
        .filter(group -> !group.name().equals(CORE))
        .map(group -> {
          ObjectNode node = Json.MAPPER.createObjectNode();
          node.put("kind", "APIGroup").put("apiVersion", "v1");
          node.setAll(versionsOf(group));
          return node;
        });
  }

  /** {@code /api/v1} or {@code /apis/GROUP/VERSION}; empty if that version is not served. */
  public Optional<ObjectNode> resources(GroupVersion version) {
    boolean served =
        catalogue
            .group(version.group())
            .filter(group -> group.versions().contains(version.version()))
            .isPresent();
    return served ? Optional.of(resourceList(version)) : Optional.empty();
  }

  private ObjectNode resourceList(GroupVersion version) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("kind", "APIResourceList").put("apiVersion", "v1");
    node.put("groupVersion", version.apiVersion());
    ArrayNode resources = node.putArray("resources");
    for (ResourceType type : catalogue.in(version)) {

      resources.add(resource(type));
      type.subresources().values().forEach(sub -> resources.add(subresource(type, sub)));
    }
    return node;
  }

  private static ObjectNode versionsOf(ApiGroup group) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("name", group.name());
    ArrayNode versions = node.putArray("versions");
    group.versions().forEach(version -> versions.add(version(group.name(), version)));
    node.set("preferredVersion", version(group.name(), group.preferredVersion()));
    return node;
  }

  private static ObjectNode version(String group, String version) {
    return Json.MAPPER
        .createObjectNode()
        .put("groupVersion", new GroupVersion(group, version).apiVersion())
        .put("version", version);
  }

  private static ObjectNode resource(ResourceType type) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", type.plural()).put("singularName", type.singular());
    node.put("namespaced", type.namespaced()).put("kind", type.kind());
    putSorted(node, "verbs", type.verbs());
    putIfAny(node, "shortNames", type.shortNames());
    putIfAny(node, "categories", type.categories());
    if (!type.storageVersionHash().isEmpty()) {
      node.put("storageVersionHash", type.storageVersionHash());
    }
    return node;
  }

  private static ObjectNode subresource(ResourceType type, Subresource sub) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", type.plural() + "/" + sub.name()).put("singularName", "");
    node.put("namespaced", type.namespaced());
    if (!sub.groupVersion().equals(type.groupVersion())) {
      node.put("group", sub.groupVersion().group()).put("version", sub.groupVersion().version());
    }
    node.put("kind", sub.kind());
    putSorted(node, "verbs", sub.verbs());
    return node;
  }

  static void putSorted(ObjectNode node, String field, Collection<String> values) {
    ArrayNode array = node.putArray(field);
    new TreeSet<>(values).forEach(array::add);
  }

  static void putIfAny(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(field);
      values.forEach(array::add);
    }
  }
}
