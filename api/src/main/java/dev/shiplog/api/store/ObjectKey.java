package dev.shiplog.api.store;

import dev.shiplog.topics.catalogue.StorageResource;

/**
 * Names one stored object.
 *
 * @param resource what it is
 * @param namespace empty where the resource has no namespaces
 * @param name its name
 */
public record ObjectKey(StorageResource resource, String namespace, String name) {

  /** {@code namespace/name} or {@code name}: the key in the journal and in store topics. */
  public String text() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  public static ObjectKey parse(StorageResource resource, String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ObjectKey(resource, "", text)
        : new ObjectKey(resource, text.substring(0, slash), text.substring(slash + 1));
  }
}
