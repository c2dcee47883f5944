package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.schema.custom.CustomVersion.Lineage;
import dev.shiplog.api.schema.custom.VersionConverter;
import dev.shiplog.topics.catalogue.StorageResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A CustomResourceDefinition, read. Immutable; any thread. */
public final class Definition {

  /** Where definitions are kept. */
  public static final StorageResource RESOURCE =
      StorageResource.of("customresourcedefinitions", "apiextensions.k8s.io");

  static final String ESTABLISHED = "Established";

  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final Set<String> CHANGES =
      Set.of("delete", "deletecollection", "patch", "update");

  private final JsonNode tree;

  public Definition(JsonNode tree) {
    this.tree = tree;
  }

  JsonNode tree() {
    return tree;
  }

  String name() {
    return Trees.text(tree, "metadata", "name");
  }

  String group() {
    return Trees.text(tree, "spec", "group");
  }

  /** Where its objects are kept. */
  StorageResource storage() {
    return new StorageResource(
        Trees.text(tree, "spec", "names", "plural"), group(), Trees.text(tree, "metadata", "uid"));
  }

  boolean isEnding() {
    return !Trees.absent(tree, "metadata", "deletionTimestamp");
  }

  boolean isEstablished() {
    return isTrue(ESTABLISHED);
  }

  boolean isTrue(String condition) {
    for (JsonNode one : Trees.at(tree, "status", "conditions")) {
      if (Trees.text(one, "type").equals(condition)) {
        return Trees.text(one, "status").equals("True");
      }
    }
    return false;
  }

  /**
   * Its served versions as resources, the most preferred first; none before it is established.
   *
   * @param converters makes what converts by webhook
   */
  List<ResourceType> served(Converters converters) {
    if (!isEstablished()) {
      return List.of();
    }
    Map<String, CustomVersion> versions = versions(converters);
    List<ResourceType> types = new ArrayList<>();
    for (JsonNode version : Trees.at(tree, "spec", "versions")) {
      if (version.path("served").asBoolean(false)) {
        types.add(type(versions.get(Trees.text(version, "name"))));
      }
    }
    types.sort((one, other) -> VersionOrder.compare(one.version(), other.version()));
    return types;
  }

  /** Makes what converts by webhook, given {@code spec.conversion.webhook}. */
  interface Converters {
    VersionConverter of(JsonNode webhook, String kind);
  }

  private Map<String, CustomVersion> versions(Converters converters) {
    JsonNode conversion = Trees.at(tree, "spec", "conversion");
    String kind = Trees.text(tree, "status", "acceptedNames", "kind");
    boolean remote = Trees.text(conversion, "strategy").equals("Webhook");
    VersionConverter converter =
        remote ? converters.of(conversion.path("webhook"), kind) : VersionConverter.BY_NAME;
    boolean mixed = isMixed();
    Lineage own = new Lineage(converter, remote, Optional.empty(), mixed);
    CustomVersion stored = version(kind, storageVersion(), own);
    Lineage others = new Lineage(converter, remote, Optional.of(stored), mixed);
    Map<String, CustomVersion> versions = new TreeMap<>();
    for (JsonNode version : Trees.at(tree, "spec", "versions")) {
      String name = Trees.text(version, "name");
      versions.put(name, name.equals(storageVersion()) ? stored : version(kind, name, others));
    }
    return versions;
  }

  /** Whether stored objects may have what the schema they are read by does not know. */
  private boolean isMixed() {
    Set<JsonNode> schemas = new HashSet<>();
    Trees.at(tree, "spec", "versions").forEach(version -> schemas.add(version.path("schema")));
    return schemas.size() > 1
        || Trees.at(tree, "status", "storedVersions").size() > 1
        || Trees.at(tree, "metadata", "generation").asLong() > 1;
  }

  private CustomVersion version(String kind, String name, Lineage lineage) {
    for (JsonNode version : Trees.at(tree, "spec", "versions")) {
      if (Trees.text(version, "name").equals(name)) {
        return new CustomVersion(new GroupVersion(group(), name), kind, version, lineage);
      }
    }
    throw new IllegalStateException("no version " + name + " of " + name());
  }

  private ResourceType type(CustomVersion custom) {
    GroupVersion version = custom.groupVersion();
    JsonNode names = Trees.at(tree, "status", "acceptedNames");
    String kind = custom.kind();
    return new ResourceType(
        version,
        Trees.text(names, "plural"),
        Trees.text(names, "singular"),
        kind,
        Trees.text(tree, "spec", "scope").equals("Namespaced"),
        Trees.texts(names, "shortNames"),
        Trees.texts(names, "categories"),
        typeName(version, kind),
        verbs(),
        subresources(custom),
        Optional.of(storage()),
        new GroupVersion(group(), storageVersion()),
        hash(group() + "/" + version.version() + "/" + kind),
        Optional.of(custom));
  }

  private Set<String> verbs() {
    Set<String> verbs = new HashSet<>(READS);
    verbs.addAll(CHANGES);
    if (!isEnding()) {
      verbs.add("create");
    }
    return verbs;
  }

  private static Map<String, Subresource> subresources(CustomVersion version) {
    Set<String> verbs = Set.of("get", "patch", "update");
    Map<String, Subresource> result = new TreeMap<>();
    if (version.hasStatus()) {
      result.put(
          "status",
          new Subresource("status", version.kind(), version.groupVersion(), verbs, false));
    }
    if (version.scale().isObject()) {
      GroupVersion scaling = new GroupVersion("autoscaling", "v1");
      result.put("scale", new Subresource("scale", "Scale", scaling, verbs, false));
    }
    return result;
  }

  private String storageVersion() {
    for (JsonNode version : Trees.at(tree, "spec", "versions")) {
      if (version.path("storage").asBoolean(false)) {
        return Trees.text(version, "name");
      }
    }
    throw new IllegalStateException("a definition without a stored version is refused: " + name());
  }

  /** {@code com.example.v1.CronTab} of {@code example.com/v1 CronTab}, as OpenAPI names types. */
  private static String typeName(GroupVersion version, String kind) {
    List<String> labels = new ArrayList<>(Arrays.asList(version.group().split("\\.")));
    Collections.reverse(labels);
    return String.join(".", labels) + "." + version.version() + "." + kind;
  }

  private static String hash(String stored) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(stored.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
