package dev.shiplog.api.access;

import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A snapshot of the objects that a test put into it, found by their keys. */
public final class FewObjects implements Snapshot {

  private final Map<String, StoredObject> objects = new TreeMap<>();

  public void put(StoredObject object) {
    objects.put(object.key().toString(), object);
  }

  public void put(String json) {
    put(Objects.stored(json));
  }

  public void clear() {
    objects.clear();
  }

  @Override
  public long revision() {
    return 1;
  }

  @Override
  public Optional<StoredObject> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key.toString()));
  }

  @Override
  public int count(StorageResource resource, String namespace) {
    return objects.size();
  }

  @Override
  public Iterator<StoredObject> list(StorageResource resource, String namespace, String afterKey) {
    return objects.values().iterator();
  }

  @Override
  public Collection<StoredObject> byIndex(StorageResource resource, String index, String value) {
    return List.of();
  }

  @Override
  public Map<String, Quantity> total(StorageResource resource, String rule, String value) {
    return Map.of();
  }

  @Override
  public Collection<StorageResource> resources() {
    return List.of();
  }

  @Override
  public long lastRevision(StorageResource resource) {
    return 1;
  }
}
