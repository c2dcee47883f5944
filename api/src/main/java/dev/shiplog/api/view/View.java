package dev.shiplog.api.view;

import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What was applied: the newest state, and how it came about of late. The journal's loop calls
 * {@link #record} and {@link #publish}; everything else may be called by any thread.
 */
public final class View {

  /** A client that pages through a list comes back to the same few revisions. */
  private static final int PAST_STATES = 8;

  private final ViewLimits limits;
  private final ConcurrentMap<StorageResource, EventRing> rings = new ConcurrentHashMap<>();
  private final Set<EventRing> touched = new LinkedHashSet<>();
  private final Map<Long, PastState> past = new RecentlyUsed();
  private final long floor;
  private volatile Published published;
  private volatile History history = History.NONE;

  /**
   * Starts from a state.
   *
   * @param floor every event recorded from now on is of a greater revision, and none is missing
   *     after it
   */
  public View(ViewLimits limits, State state, long position, long floor) {
    this.limits = limits;
    this.floor = floor;
    this.published = new Published(state, position);
  }

  /** Sets where the past is found that is no longer in memory. */
  public void reachBack(History further) {
    this.history = further;
  }

  private record Published(State state, long position) {}

  /** The newest state. */
  public State current() {
    return published.state();
  }

  /** The offset in the journal up to which it was applied. */
  public long position() {
    return published.position();
  }

  /**
   * The state at exactly this revision, which is not ahead of {@link #current}.
   *
   * @return its methods throw {@code Expired} if they are asked for a resource whose history back
   *     to the revision is gone
   */
  public Snapshot at(long revision) {
    State now = current();
    if (now.revision() == revision) {
      return now;
    }
    synchronized (past) {
      return past.computeIfAbsent(revision, r -> new PastState(this, now, r));
    }
  }

  /** As {@link dev.shiplog.api.store.Store#past}; the revision is not ahead of {@link #current}. */
  public CompletableFuture<Snapshot> past(StorageResource resource, long revision) {
    return at(revision) instanceof PastState past
        ? past.with(resource)
        : CompletableFuture.completedFuture(at(revision));
  }

  /** As {@link dev.shiplog.api.store.Store#events}. */
  public EventCursor events(StorageResource resource, long afterRevision) {
    return new HistoryCursor(this, resource, afterRevision);
  }

  /** A cursor over what is in memory, or null if that does not go back to the revision. */
  RingCursor recent(StorageResource resource, long afterRevision) {
    EventRing ring = ring(resource);
    long position = ring.positionAfter(afterRevision);
    return position < 0 ? null : new RingCursor(this, ring, position, afterRevision);
  }

  History history() {
    return history;
  }

  /** Every event recorded from the start on is of a greater revision. */
  public long floor() {
    return floor;
  }

  /** Adds an event that belongs to the next state to be published. */
  public void record(StorageResource resource, StoredEvent event) {
    EventRing ring = ring(resource);
    ring.push(event);
    touched.add(ring);
  }

  /** Makes a state the newest one and wakes those who watch what it changed. */
  public void publish(State state, long position) {
    published = new Published(state, position);
    touched.forEach(EventRing::wake);
    touched.clear();
  }

  /** How many recent events are in memory. */
  public long eventsHeld() {
    return rings.values().stream().mapToLong(EventRing::held).sum();
  }

  /** How large their objects are, at most. */
  public long eventBytesHeld() {
    return rings.values().stream().mapToLong(EventRing::bytes).sum();
  }

  EventRing ring(StorageResource resource) {
    return rings.computeIfAbsent(
        resource,
        _ -> new EventRing(limits.eventsPerResource(), limits.eventBytesPerResource(), floor));
  }

  private static final class RecentlyUsed extends LinkedHashMap<Long, PastState> {
    private static final long serialVersionUID = 1L;

    RecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, PastState> eldest) {
      return size() > PAST_STATES;
    }
  }
}
