package dev.shiplog.api.view;

import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/** The objects of the cluster at one revision. Immutable; any thread. */
public final class State implements Snapshot {

  public static final State EMPTY = new State(0, HashTreePMap.empty());

  private final long revision;
  private final HashPMap<StorageResource, ResourceTable> tables;

  private State(long revision, HashPMap<StorageResource, ResourceTable> tables) {
    this.revision = revision;
    this.tables = tables;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<StoredObject> get(ObjectKey key) {
    return Optional.ofNullable(get(key.resource(), key.text()));
  }

  /** The object, or null if there is none. */
  public EncodedObject get(StorageResource resource, String key) {
    return table(resource).get(key);
  }

  @Override
  public int count(StorageResource resource, String namespace) {
    return table(resource).count(namespace);
  }

  @Override
  public Iterator<StoredObject> list(StorageResource resource, String namespace, String afterKey) {
    return table(resource).list(namespace, afterKey);
  }

  @Override
  public Collection<StoredObject> byIndex(StorageResource resource, String index, String value) {
    return table(resource).byIndex(index, value);
  }

  @Override
  public Map<String, Quantity> total(StorageResource resource, String rule, String value) {
    return table(resource).total(rule, value);
  }

  @Override
  public Collection<StorageResource> resources() {
    return tables.keySet();
  }

  @Override
  public long lastRevision(StorageResource resource) {
    return table(resource).lastRevision();
  }

  /** With this object, in place of what had its key. */
  public State plus(EncodedObject object) {
    StorageResource resource = object.key().resource();
    return with(resource, table(resource).plus(object), object.revision());
  }

  /** Without what has this key, since the revision. */
  public State minus(StorageResource resource, String key, long deletionRevision) {
    return with(resource, table(resource).minus(key, deletionRevision), deletionRevision);
  }

  /** The same objects at a later revision; this one if it is not later. */
  public State atLeast(long newRevision) {
    return newRevision <= revision ? this : new State(newRevision, tables);
  }

  ResourceTable table(StorageResource resource) {
    return tables.getOrDefault(resource, ResourceTable.EMPTY);
  }

  private State with(StorageResource resource, ResourceTable table, long at) {
    return new State(Math.max(revision, at), tables.plus(resource, table));
  }
}
