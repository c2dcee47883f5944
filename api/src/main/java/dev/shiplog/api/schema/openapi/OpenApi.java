package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ApiGroup;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.TypeCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The published documents of a catalogue. Each is made when it is first asked for and kept; a
 * changed catalogue needs a new instance. Any thread.
 */
public final class OpenApi {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ResourceCatalogue resources;
  private final TypeCatalogue types = TypeCatalogue.builtIn();
  private final String version;
  private final Map<GroupVersion, OpenApiDocument> v3 = new ConcurrentHashMap<>();
  private final Once<OpenApiDocument> v2 = new Once<>(this::writeV2);
  private final Once<OpenApiDocument> message = new Once<>(this::writeMessage);
  private final Once<OpenApiDocument> index = new Once<>(this::writeIndex);

  /**
   * Documents of what the catalogue has.
   *
   * @param version what {@code info.version} says, for example {@code v1.36.0}
   */
  public OpenApi(ResourceCatalogue resources, String version) {
    this.resources = resources;
    this.version = version;
  }

  /** {@code /openapi/v2}: everything in one Swagger document. */
  public OpenApiDocument v2() {
    return v2.get();
  }

  /** The same as the message of {@link OpenApiDocument#SWAGGER_MESSAGE}. */
  public OpenApiDocument v2Message() {
    return message.get();
  }

  /** {@code /openapi/v3}: where the documents are, each with its hash. */
  public OpenApiDocument v3Index() {
    return index.get();
  }

  /** {@code /openapi/v3/apis/<group>/<version>}, or {@code api/<version>} for the core group. */
  public Optional<OpenApiDocument> v3(GroupVersion groupVersion) {
    return groupVersions().contains(groupVersion)
        ? Optional.of(v3.computeIfAbsent(groupVersion, this::writeV3))
        : Optional.empty();
  }

  private List<GroupVersion> groupVersions() {
    List<GroupVersion> all = new ArrayList<>();
    for (ApiGroup group : resources.groups()) {
      group.versions().forEach(v -> all.add(new GroupVersion(group.name(), v)));
    }
    return all;
  }

  private OpenApiDocument writeIndex() {
    ObjectNode index = NODES.objectNode();
    ObjectNode paths = index.putObject("paths");
    for (GroupVersion groupVersion : groupVersions()) {
      String path = (groupVersion.group().isEmpty() ? "api/" : "apis/") + groupVersion.apiVersion();
      String hash = v3(groupVersion).orElseThrow().hash();
      paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
    }
    return OpenApiDocument.of(index);
  }

  private OpenApiDocument writeV3(GroupVersion groupVersion) {
    SchemaWriter schemas = new SchemaWriter(Dialect.V3, types, metaGroupVersions());
    ObjectNode paths = paths(Dialect.V3, schemas, resources.in(groupVersion));
    ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
    info(document);
    document.set("paths", paths);
    document.putObject("components").set("schemas", schemas.schemas());
    return OpenApiDocument.of(document);
  }

  private OpenApiDocument writeV2() {
    SchemaWriter schemas = new SchemaWriter(Dialect.V2, types, metaGroupVersions());
    ObjectNode paths = paths(Dialect.V2, schemas, List.copyOf(resources.all()));
    ObjectNode document = NODES.objectNode().put("swagger", "2.0");
    info(document);
    document.set("paths", paths);
    document.set("definitions", schemas.schemas());
    return OpenApiDocument.of(document);
  }

  private OpenApiDocument writeMessage() {
    return OpenApiDocument.of(SwaggerMessage.of(OpenApiDocument.tree(v2())));
  }

  private static ObjectNode paths(
      Dialect dialect, SchemaWriter schemas, List<ResourceType> resources) {
    PathWriter paths = new PathWriter(dialect, schemas);
    resources.stream().filter(r -> r.custom().isPresent()).forEach(schemas::add);
    resources.forEach(resource -> {
      paths.add(resource);
      schemas.reference(resource.typeName());
    });
    return paths.paths();
  }

  private void info(ObjectNode document) {
    document.putObject("info").put("title", "Kubernetes").put("version", version);
  }

  /** Groups and versions in which the kinds of all groups are known, served or not. */
  private List<GroupVersion> metaGroupVersions() {
    List<GroupVersion> result = new ArrayList<>();
    for (JsonNode facts : types.groupVersions()) {
      if (facts.path("metaKinds").booleanValue()) {
        result.add(
            new GroupVersion(facts.get("group").textValue(), facts.get("version").textValue()));
      }
    }
    return result;
  }

  /** A value made once, by the first who asks; the others wait for it. */
  private static final class Once<T> {
    private final Supplier<T> maker;
    private T value;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    synchronized T get() {
      if (value == null) {
        value = maker.get();
      }
      return value;
    }
  }
}
