package dev.shiplog.topics.seal;

import dev.shiplog.topics.catalogue.StorageResource;

/** A value cannot be opened. */
public final class SealedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private SealedException(String message) {
    super(message);
  }

  static SealedException withoutKey(StorageResource resource, String key, String name) {
    return new SealedException(
        "%s %s is sealed with the key \"%s\", which is in no key file given to this process"
            .formatted(resource.qualifiedName(), key, name));
  }

  static SealedException broken(StorageResource resource, String key, String name) {
    return new SealedException(
        "%s %s does not open with the key \"%s\": the key is another one of that name, or the value was changed or moved"
            .formatted(resource.qualifiedName(), key, name));
  }
}
