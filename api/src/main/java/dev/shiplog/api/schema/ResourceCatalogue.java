package dev.shiplog.api.schema;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resources that are served, in the order discovery lists them. Immutable; a catalogue with
 * more resources is a new one.
 */
public final class ResourceCatalogue {

  private final List<ApiGroup> groups;
  private final Map<Path, ResourceType> byPath = new LinkedHashMap<>();
  private final Map<Kind, ResourceType> byKind = new LinkedHashMap<>();
  private final Map<StorageResource, List<ResourceType>> byStorage = new HashMap<>();

  public ResourceCatalogue(Collection<ApiGroup> groups, Collection<ResourceType> resources) {
    this.groups = List.copyOf(groups);
    for (ResourceType type : resources) {
      byPath.put(new Path(type.groupVersion(), type.plural()), type);
      byKind.putIfAbsent(new Kind(type.groupVersion(), type.kind()), type);
      type.storage()
          .ifPresent(where -> byStorage.computeIfAbsent(where, w -> new ArrayList<>(1)).add(type));
    }
  }

  /** What Kubernetes serves by default, every GA version, no beta; and Shiplog's own group. */
  public static ResourceCatalogue builtIn() {
    return BuiltIn.CATALOGUE;
  }

  /** Groups with at least one served version; the core group, named "", comes first. */
  public List<ApiGroup> groups() {
    return groups;
  }

  public Optional<ApiGroup> group(String name) {
    return groups.stream().filter(g -> g.name().equals(name)).findFirst();
  }

  /** Every resource at every served version. */
  public Collection<ResourceType> all() {
    return byPath.values();
  }

  public List<ResourceType> in(GroupVersion groupVersion) {
    return byPath.values().stream().filter(t -> t.groupVersion().equals(groupVersion)).toList();
  }

  public Optional<ResourceType> find(String group, String version, String plural) {
    return Optional.ofNullable(byPath.get(new Path(new GroupVersion(group, version), plural)));
  }

  public Optional<ResourceType> findByKind(String apiVersion, String kind) {
    return Optional.ofNullable(byKind.get(new Kind(GroupVersion.parse(apiVersion), kind)));
  }

  /** All that serve the stored objects this one serves, itself included. */
  public List<ResourceType> formsOf(ResourceType type) {
    return type.storage()
        .map(where -> byStorage.getOrDefault(where, List.of(type)))
        .orElseGet(() -> List.of(type));
  }

  /** The resource at the version its objects are stored in. */
  public ResourceType storedForm(ResourceType type) {
    if (type.servedAsStored()) {
      return type;
    }
    return byPath.get(new Path(type.storageVersion(), type.storage().orElseThrow().plural()));
  }

  private record Path(GroupVersion groupVersion, String plural) {}

  private record Kind(GroupVersion groupVersion, String kind) {}

  private static final class BuiltIn {
    static final ResourceCatalogue CATALOGUE = ResourceFacts.load();
  }
}
