package dev.shiplog.streams.kit;

import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.Optional;

/** The views of everything an application follows. */
public interface Views {

  /**
   * The view of a resource.
   *
   * @throws IllegalArgumentException if the application does not follow it
   */
  <T extends HasMetadata> ResourceView<T> of(ResourceType<T> type);

  /** The view of a resource known by name only; empty if it is not followed. */
  Optional<ResourceView<?>> of(StorageResource resource);

  Collection<ResourceView<?>> all();
}
