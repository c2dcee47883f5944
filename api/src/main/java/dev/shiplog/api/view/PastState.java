package dev.shiplog.api.view;

import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A state of the past, made by undoing events from a newer one: each holds what was before it. Only
 * resources that are asked for are undone, each once. So the past costs no memory beyond the rings,
 * and it is exact even across a restart. Any thread.
 */
final class PastState implements Snapshot {

  private final View view;
  private final State newer;
  private final long revision;
  private final ConcurrentMap<StorageResource, ResourceTable> tables = new ConcurrentHashMap<>();

  PastState(View view, State newer, long revision) {
    this.view = view;
    this.newer = newer;
    this.revision = revision;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<StoredObject> get(ObjectKey key) {
    return Optional.ofNullable(table(key.resource()).get(key.text()));
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
    return newer.resources();
  }

  @Override
  public long lastRevision(StorageResource resource) {
    return table(resource).lastRevision();
  }

  /**
   * This state once it can be read for a resource, from the journal where memory does not go back
   * so far.
   */
  CompletableFuture<Snapshot> with(StorageResource resource) {
    if (isAtHand(resource)) {
      return CompletableFuture.completedFuture(this);
    }
    try {
      return new PastChanges(view.history().after(resource, revision), newer.revision())
          .read()
          .thenApply(changed -> {
            ResourceTable table = changed.undo(newer.table(resource));
            tables.putIfAbsent(resource, table.withLastRevision(revision));
            return this;
          });
    } catch (ApiFailure expired) {
      return CompletableFuture.failedFuture(expired);
    }
  }

  private boolean isAtHand(StorageResource resource) {
    try {
      return table(resource) != null;
    } catch (ApiFailure _) {
      return false;
    }
  }

  private ResourceTable table(StorageResource resource) {
    ResourceTable now = newer.table(resource);
    return now.lastRevision() <= revision
        ? now
        : tables.computeIfAbsent(resource, r -> undo(now, view.ring(r)));
  }

  private ResourceTable undo(ResourceTable now, EventRing ring) {
    long from = ring.positionAfter(revision);
    List<StoredEvent> events = from < 0 ? null : ring.read(from, Integer.MAX_VALUE);
    if (events == null) {
      throw Failures.expired(
          "The provided resource version "
              + revision
              + " is too old: history starts after "
              + ring.floor());
    }
    ResourceTable table = now;
    for (StoredEvent event : events.reversed()) {
      if (event.revision() <= newer.revision()) {
        table = undo(table, event);
      }
    }
    return table.withLastRevision(lastRevisionBefore(from, ring));
  }

  private ResourceTable undo(ResourceTable table, StoredEvent event) {
    return event.before() == null
        ? table.minus(((EncodedObject) event.after()).keyText(), 0)
        : table.plus((EncodedObject) event.before());
  }

  private static long lastRevisionBefore(long position, EventRing ring) {
    List<StoredEvent> last = position == 0 ? null : ring.read(position - 1, 1);
    return last == null || last.isEmpty() ? ring.floor() : last.getFirst().revision();
  }
}
