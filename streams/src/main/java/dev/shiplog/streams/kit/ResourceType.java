package dev.shiplog.streams.kit;

import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.UnaryOperator;

/**
 * A resource that is followed or commanded, and the class its objects are read into.
 *
 * @param resource names its store topic
 * @param version API version that commands use and objects are stored in
 * @param kind for example {@code Pod}
 * @param namespaced whether its objects live in namespaces
 * @param javaType what views hold; {@link MetadataOnly} where nothing but metadata matters
 * @param trim takes off an object, in place, what no reader of the view needs
 */
public record ResourceType<T extends HasMetadata>(
    StorageResource resource,
    String version,
    String kind,
    boolean namespaced,
    Class<T> javaType,
    UnaryOperator<T> trim) {

  /** Views hold all of an object. */
  public ResourceType(
      StorageResource resource,
      String version,
      String kind,
      boolean namespaced,
      Class<T> javaType) {
    this(resource, version, kind, namespaced, javaType, UnaryOperator.identity());
  }

  /** A resource of which only metadata is read. */
  public static ResourceType<MetadataOnly> metadataOnly(
      StorageResource resource, String version, String kind, boolean namespaced) {
    return new ResourceType<>(resource, version, kind, namespaced, MetadataOnly.class);
  }

  /** The same resource, of whose objects views hold less. */
  public ResourceType<T> trimmedBy(UnaryOperator<T> newTrim) {
    return new ResourceType<>(resource, version, kind, namespaced, javaType, newTrim);
  }

  /** {@code v1}, {@code apps/v1}. */
  public String apiVersion() {
    return resource.group().isEmpty() ? version : resource.group() + "/" + version;
  }

  @Override
  public String toString() {
    return resource.name();
  }
}
