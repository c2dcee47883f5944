package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.topics.record.Json;
import java.util.function.Predicate;

/**
 * Everything discovery has to say in one document ({@code apidiscovery.k8s.io/v2}): clients ask for
 * it at {@code /api} (the core group) and {@code /apis} (all others) by its media type. Pure; any
 * thread.
 */
public final class AggregatedDiscovery {

  /** What a client's Accept header names, and what the answer's Content-Type is. */
  public static final String MEDIA_TYPE =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final ResourceCatalogue catalogue;

  public AggregatedDiscovery(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** For {@code /api}. */
  public ObjectNode core() {
    return list(group -> group.name().isEmpty());
  }

  /** For {@code /apis}. */
  public ObjectNode others() {
    return list(group -> !group.name().isEmpty());
  }

  private ObjectNode list(Predicate<ApiGroup> wanted) {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    catalogue.groups().stream().filter(wanted).forEach(group -> items.add(group(group)));
    return list;
  }

  private ObjectNode group(ApiGroup group) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.putObject("metadata").put("name", group.name());
    ArrayNode versions = node.putArray("versions");
    for (String version : group.versions()) {
      ObjectNode entry = versions.addObject().put("version", version);
      ArrayNode resources = entry.putArray("resources");
      catalogue
          .in(new GroupVersion(group.name(), version))
          .forEach(type -> resources.add(resource(type)));
      entry.put("freshness", "Current");
    }
    return node;
  }

  private static ObjectNode resource(ResourceType type) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("resource", type.plural());
    node.set("responseKind", kind(type.groupVersion(), type.kind()));
    node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    node.put("singularResource", type.singular());
    Discovery.putSorted(node, "verbs", type.verbs());
    Discovery.putIfAny(node, "shortNames", type.shortNames());
    Discovery.putIfAny(node, "categories", type.categories());
    if (!type.subresources().isEmpty()) {
      ArrayNode subresources = node.putArray("subresources");
      type.subresources().values().forEach(sub -> subresources.add(subresource(sub)));
    }
    return node;
  }

  private static ObjectNode subresource(Subresource sub) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("subresource", sub.name());
    node.set("responseKind", kind(sub.groupVersion(), sub.kind()));
    Discovery.putSorted(node, "verbs", sub.verbs());
    return node;
  }

  private static ObjectNode kind(GroupVersion version, String kind) {
    return Json.MAPPER
        .createObjectNode()
        .put("group", version.group())
        .put("version", version.version())
        .put("kind", kind);
  }
}
