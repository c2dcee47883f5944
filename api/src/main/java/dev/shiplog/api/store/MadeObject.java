package dev.shiplog.api.store;

import java.util.List;
import java.util.Map;

/**
 * An object that is kept nowhere, but made for whoever reads it: it has no owners, and no fields
 * that selectors may ask for.
 */
public interface MadeObject extends StoredObject {

  @Override
  default Map<String, String> labels() {
    return Map.of();
  }

  @Override
  default Map<String, String> fields() {
    return Map.of();
  }

  @Override
  default List<String> ownerUids() {
    return List.of();
  }
}
