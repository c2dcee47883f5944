package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Keys of objects in store topics and views: {@code namespace/name}, or {@code name}. */
public final class ObjectKeys {

  private ObjectKeys() {}

  /** The key; an empty or null namespace means that the resource has none. */
  public static String key(String namespace, String name) {
    return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
  }

  public static String keyOf(HasMetadata object) {
    return key(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /** The namespace, or empty. */
  public static String namespaceOf(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(0, slash);
  }

  public static String nameOf(String key) {
    return key.substring(key.indexOf('/') + 1);
  }
}
