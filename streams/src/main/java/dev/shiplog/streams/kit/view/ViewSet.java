package dev.shiplog.streams.kit.view;

import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One view per resource followed. */
public final class ViewSet implements Views {

  /** By name, and found without comparing names. */
  private final Map<StorageResource, ObjectView<?>> views;

  public ViewSet(Collection<? extends ObjectView<?>> views) {
    Map<StorageResource, ObjectView<?>> sorted = new TreeMap<>();
    views.forEach(view -> sorted.put(view.type().resource(), view));
    this.views = new LinkedHashMap<>(sorted);
  }

  /** Empty views of these resources with these indexes. */
  public static ViewSet of(
      Collection<ResourceType<?>> types, Collection<? extends Index<?>> indexes) {
    List<ObjectView<?>> views = new ArrayList<>();
    types.forEach(type -> views.add(new ObjectView<>(type)));
    ViewSet set = new ViewSet(views);
    indexes.forEach(set::declare);
    return set;
  }

  /** Keeps an index from now on. */
  public <T extends HasMetadata> void declare(Index<T> index) {
    view(index.type()).declare(index);
  }

  /** The view that takes in records of a resource; null if it is not followed. */
  public ObjectView<?> view(StorageResource resource) {
    return views.get(resource);
  }

  @Override
  public <T extends HasMetadata> ResourceView<T> of(ResourceType<T> type) {
    return view(type);
  }

  @Override
  public Optional<ResourceView<?>> of(StorageResource resource) {
    return Optional.ofNullable(views.get(resource));
  }

  @Override
  public Collection<ResourceView<?>> all() {
    return Collections.unmodifiableCollection(views.values());
  }

  @SuppressWarnings("unchecked") // a view holds what its type says, and the types are equal
  private <T extends HasMetadata> ObjectView<T> view(ResourceType<T> type) {
    ObjectView<?> view = views.get(type.resource());
    if (view == null || !view.type().equals(type)) {
      throw new IllegalArgumentException(
          type + " is not followed as " + type.javaType().getSimpleName());
    }
    return (ObjectView<T>) view;
  }
}
