package dev.shiplog.api.definitions;

import dev.shiplog.api.definitions.CustomOwners.Verdict;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.DeleteOptions.Propagation;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Collects what has lost its owners, where either side is a custom resource: the garbage collector
 * follows the topics of the built-in resources, which are fixed when it starts. It looks at the
 * state alone, and at everything once when it begins. One thread, but for {@link #wakeup}.
 */
public final class OwnerRun implements LeaderTask.Run {

  private static final int AT_ONCE = 1000;
  private static final long IDLE_MS = 30_000;

  /** What could not be done, or waits for something, is looked at again after it. */
  private static final long LOOK_AGAIN_MS = 200;

  private final DefinitionRun.Environment environment;
  private final LeaderWrites writes;
  private final Semaphore signal = new Semaphore(1);
  private final Map<StorageResource, EventCursor> cursors = new HashMap<>();
  private Set<ObjectKey> waiting = new LinkedHashSet<>();

  public OwnerRun(DefinitionRun.Environment environment) {
    this.environment = environment;
    this.writes = new LeaderWrites(environment);
  }

  @Override
  public void step() {
    try {
      long wait = waiting.isEmpty() ? IDLE_MS : LOOK_AGAIN_MS;
      var _ = signal.tryAcquire(wait, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    var _ = signal.drainPermits();
    Set<ObjectKey> keys = waiting;
    waiting = new LinkedHashSet<>();
    // In this order: what definitions add is looked for in the state that their events led to.
    Map.copyOf(cursors).forEach((resource, cursor) -> read(resource, cursor, keys));
    followMore(environment.store().current(), keys);
    CustomOwners owners = owners();
    keys.forEach(key -> owners.judge(key).forEach(verdict -> carryOut(key, verdict)));
  }

  @Override
  public void wakeup() {
    signal.release();
  }

  @Override
  public void close() {
    cursors.values().forEach(EventCursor::close);
  }

  private void followMore(Snapshot state, Set<ObjectKey> keys) {
    Set<StorageResource> custom = new LinkedHashSet<>();
    for (ResourceType type : environment.catalogue().get().all()) {
      type.storage().filter(CustomOwners::isCustom).ifPresent(custom::add);
    }
    Set<StorageResource> wanted = new LinkedHashSet<>(List.of(Definition.RESOURCE));
    if (!custom.isEmpty()) {
      wanted.addAll(custom);
      wanted.addAll(state.resources());
    }
    wanted.removeAll(cursors.keySet());
    wanted.forEach(resource -> open(resource, state, keys));
  }

  private void open(StorageResource resource, Snapshot state, Set<ObjectKey> keys) {
    cursors.put(resource, cursor(resource, state.revision()));
    state
        .list(resource, "", "")
        .forEachRemaining(object -> {
          if (CustomOwners.isCustom(resource) || !object.ownerUids().isEmpty()) {
            keys.add(object.key());
          }
        });
  }

  private EventCursor cursor(StorageResource resource, long after) {
    EventCursor cursor = environment.store().events(resource, after);
    cursor.whenAvailable(signal::release);
    return cursor;
  }

  private void read(StorageResource resource, EventCursor cursor, Set<ObjectKey> keys) {
    try {
      List<StoredEvent> events;
      do {
        events = cursor.poll(AT_ONCE);
        events.forEach(event -> concerned(resource, event, keys));
      } while (events.size() == AT_ONCE);
      cursor.whenAvailable(signal::release);
    } catch (ApiFailure fellBehind) {
      cursor.close();
      open(resource, environment.store().current(), keys);
    }
  }

  private void concerned(StorageResource resource, StoredEvent event, Set<ObjectKey> keys) {
    StoredObject after = event.after();
    if (after == null) {
      owners().dependents(event.before().uid()).forEach(one -> keys.add(one.key()));
      return;
    }
    boolean owned =
        !after.ownerUids().isEmpty()
            && (event.before() == null || !event.before().ownerUids().equals(after.ownerUids()));
    if (owned || CustomOwners.isCustom(resource)) {
      keys.add(after.key());
    }
  }

  private CustomOwners owners() {
    return new CustomOwners(environment.store().current(), environment.catalogue().get());
  }

  private void carryOut(ObjectKey key, Verdict verdict) {
    boolean done =
        switch (verdict) {
          case Verdict.Keep _ -> true;
          case Verdict.Remove remove -> remove(key, remove.foreground());
          case Verdict.Change change -> write(change);
          case Verdict.Await await -> {
            await.dependents().forEach(dependent -> waiting.add(dependent.key()));
            yield false;
          }
        };
    if (!done) {
      waiting.add(key);
    }
  }

  private boolean remove(ObjectKey key, boolean foreground) {
    Optional<StoredObject> object = environment.store().current().get(key);
    Optional<ResourceType> type =
        environment.catalogue().get().all().stream()
            .filter(t -> t.storage().equals(Optional.of(key.resource())) && t.servedAsStored())
            .findFirst();
    if (object.isEmpty() || type.isEmpty()) {
      return true;
    }
    Propagation propagation = foreground ? Propagation.FOREGROUND : Propagation.BACKGROUND;
    return writes.run(
        new ApiRequest.Delete(
            new Target(type.get(), "", key.namespace(), key.name()),
            writes.caller(),
            new DeleteOptions(
                OptionalLong.empty(),
                Optional.of(object.get().uid()),
                Optional.of(Long.toString(object.get().revision())),
                Optional.of(propagation),
                false)));
  }

  private boolean write(Verdict.Change change) {
    StoredObject object = change.object();
    boolean last =
        CustomOwners.isEnding(change.next())
            && Trees.empty(change.next(), "metadata", "finalizers")
            && CustomOwners.isCustom(object.key().resource());
    return writes.commit(
        last
            ? new ProposedChange.Delete(object.key(), object.revision())
            : new ProposedChange.Update(object.key(), object.revision(), change.next()));
  }
}
