package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What {@code /} answers: every path that can be asked for without a name. */
public final class RootPaths {

  private static final List<String> FIXED =
      List.of(
          "/api",
          "/apis",
          "/healthz",
          "/livez",
          "/openapi/v2",
          "/openapi/v3",
          "/readyz",
          "/version");

  private RootPaths() {}

  public static ObjectNode document(ResourceCatalogue catalogue) {
    Set<String> paths = new TreeSet<>(FIXED);
    for (ApiGroup group : catalogue.groups()) {
      String base = group.name().isEmpty() ? "/api" : "/apis/" + group.name();
      paths.add(base);
      group.versions().forEach(version -> paths.add(base + "/" + version));
    }
    ObjectNode node = Json.MAPPER.createObjectNode();
    ArrayNode array = node.putArray("paths");
    paths.forEach(array::add);
    return node;
  }
}
