package dev.shiplog.api.schema;

import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A resource as it is served under one group and version. Two of them may share their stored
 * objects: {@code autoscaling/v1} and {@code autoscaling/v2} horizontalpodautoscalers do.
 *
 * @param typeName definition of its objects in the type catalogue
 * @param verbs what may be asked of it, as discovery and authorization name it
 * @param subresources by name, in alphabetical order
 * @param storage where its objects are kept; empty for those that are answered and not kept, such
 *     as tokenreviews
 * @param storageVersion group and version in which its objects are kept; its own where {@code
 *     storage} is empty
 * @param storageVersionHash what discovery publishes so that clients notice a change of storage;
 *     empty where nothing is stored
 * @param custom what its CustomResourceDefinition says of its objects; empty for what is built in
 */
public record ResourceType(
    GroupVersion groupVersion,
    String plural,
    String singular,
    String kind,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    String typeName,
    Set<String> verbs,
    Map<String, Subresource> subresources,
    Optional<StorageResource> storage,
    GroupVersion storageVersion,
    String storageVersionHash,
    Optional<CustomVersion> custom) {

  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = Set.copyOf(verbs);
  }

  public String group() {
    return groupVersion.group();
  }

  public String version() {
    return groupVersion.version();
  }

  public String apiVersion() {
    return groupVersion.apiVersion();
  }

  /** {@code plural} or {@code plural.group}, as messages name a resource. */
  public String qualifiedName() {
    return group().isEmpty() ? plural : plural + "." + group();
  }

  /** Whether the bytes that are kept are what a client of this version gets. */
  public boolean servesStoredBytes() {
    return custom.map(CustomVersion::servesStoredBytes).orElse(servedAsStored());
  }

  /** Whether objects are kept in the very version it is served in. */
  public boolean servedAsStored() {
    return groupVersion.equals(storageVersion);
  }

  @Override
  public String toString() {
    return plural + "." + groupVersion;
  }
}
