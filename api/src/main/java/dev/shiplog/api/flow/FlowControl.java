package dev.shiplog.api.flow;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.admission.matching.ByRevision;
import dev.shiplog.api.flow.PriorityLevel.Waiting;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Gives requests their seats. Any thread: what is kept here is guarded by one lock that is held for
 * a few steps.
 */
public final class FlowControl {

  private static final String GROUP = "flowcontrol.apiserver.k8s.io";
  private static final int RETRY_AFTER_SECONDS = 1;

  /** A list takes a seat for each so many objects, as in Kubernetes, up to so many seats. */
  private static final int OBJECTS_PER_SEAT = 100;

  private static final int WIDEST = 10;
  private static final String NODES = "system:node:";
  private static final Set<String> READ_ONLY = Set.of("get", "list", "watch");

  private final Supplier<Snapshot> state;
  private final int seats;
  private final ByRevision<List<FlowSchema>> schemas =
      new ByRevision<>(StorageResource.of("flowschemas", GROUP), FlowControl::schemas);
  private final ByRevision<Map<String, LevelSettings>> settings =
      new ByRevision<>(
          StorageResource.of("prioritylevelconfigurations", GROUP), FlowControl::settings);
  private final Map<String, PriorityLevel> levels = new HashMap<>();
  private final FlowMetrics metrics;
  private final Presence presence = new Presence();
  private final LongSupplier nanos;
  private Map<String, LevelSettings> configured = Map.of();
  private int mutating;
  private int reading;

  /**
   * Flow control by the objects in a state.
   *
   * @param seats how many requests are worked on at a time, in all
   */
  public FlowControl(Supplier<Snapshot> state, int seats) {
    this(state, seats, new SimpleMeterRegistry());
  }

  /** The same, with what it does counted in a registry. */
  public FlowControl(Supplier<Snapshot> state, int seats, MeterRegistry registry) {
    this(state, seats, registry, System::nanoTime);
  }

  FlowControl(Supplier<Snapshot> state, int seats, MeterRegistry registry, LongSupplier nanos) {
    this.nanos = nanos;
    this.state = state;
    this.seats = seats;
    this.metrics = new FlowMetrics(registry);
    metrics.inFlight("mutating", this, FlowControl::mutating);
    metrics.inFlight("readOnly", this, FlowControl::reading);
  }

  private synchronized int mutating() {
    return mutating;
  }

  private synchronized int reading() {
    return reading;
  }

  /** Something of a level, for whoever watches; 0 if there is no such level any more. */
  synchronized int look(String level, ToIntFunction<PriorityLevel> value) {
    PriorityLevel found = levels.get(level);
    return found == null ? 0 : value.applyAsInt(found);
  }

  private static List<FlowSchema> schemas(List<StoredObject> objects) {
    return objects.stream()
        .map(object -> FlowSchema.of(object.tree()))
        .sorted(FlowSchema.ORDER)
        .toList();
  }

  private static Map<String, LevelSettings> settings(List<StoredObject> objects) {
    Map<String, LevelSettings> all = new HashMap<>();
    objects.forEach(object -> all.put(object.key().name(), LevelSettings.of(object.tree())));
    return Map.copyOf(all);
  }

  /** What becomes of a request that asked for a seat. */
  public sealed interface Outcome {

    /** It may go on at once. */
    record Seated(Permit permit) implements Outcome {}

    /**
     * It waits, and is started when it is its turn.
     *
     * @param giveUp takes it out; false if it has been started
     */
    record Queued(Permit permit, java.util.function.BooleanSupplier giveUp) implements Outcome {}
  }

  /**
   * How many seats a list of a resource takes.
   *
   * @param limit how many objects are wanted at most; 0 for all
   */
  public int width(StorageResource resource, String namespace, int limit) {
    int objects = state.get().count(resource, namespace);
    int listed = limit > 0 ? Math.min(limit, objects) : objects;
    return Math.clamp(Math.ceilDiv(listed, OBJECTS_PER_SEAT), 1, WIDEST);
  }

  /** Asks for one seat. */
  public Outcome ask(UserInfo user, Attributes asked, java.util.function.Consumer<Permit> start) {
    return ask(user, asked, 1, start);
  }

  /**
   * Asks for seats. One that is free is enough to go on; those who come later wait until the others
   * are free again, too.
   *
   * @param width how many
   * @param start runs, on whichever thread frees the seat, if the request has to wait
   * @throws ApiFailure {@code TooManyRequests} if there is no room to wait
   */
  public Outcome ask(
      UserInfo user, Attributes asked, int width, java.util.function.Consumer<Permit> start) {
    Snapshot now = state.get();
    FlowSchema schema = schemaOf(user, asked, now);
    Map<String, LevelSettings> wanted = settings.in(now);
    List<Runnable> started = new ArrayList<>(0);
    Outcome outcome;
    synchronized (this) {
      configure(wanted);
      outcome = seatOrQueue(permit(user, asked, width, schema), start, started);
    }
    started.forEach(Runnable::run);
    return outcome;
  }

  private Permit permit(UserInfo user, Attributes asked, int width, FlowSchema schema) {
    PriorityLevel level = level(schema == null ? "" : schema.level());
    return new Permit(
        this,
        level,
        schema == null ? "" : schema.uid(),
        level.settings().uid(),
        READ_ONLY.contains(asked.verb()),
        width,
        schema == null ? "" : schema.flow(user, asked),
        user.username());
  }

  private Outcome seatOrQueue(
      Permit permit, java.util.function.Consumer<Permit> start, List<Runnable> started) {
    PriorityLevel level = permit.level();
    if (!isNode(permit.user())) {
      presence.note(permit.user(), nanos.getAsLong());
    }
    if (level.waiting() == 0 && level.hasSeat(spare()) && mayTake(permit)) {
      take(permit);
      return new Outcome.Seated(permit);
    }
    Waiting waiting = new Waiting(permit, System.nanoTime(), () -> start.accept(permit));
    if (!level.enqueue(permit.flow(), waiting)) {
      level.meters().full().increment();
      throw tooMany();
    }
    // Those who wait may all be of flows that have enough.
    startNext(level, started);
    return new Outcome.Queued(permit, () -> giveUp(level, waiting));
  }

  /** One flow has a part of the seats, as long as others are about. */
  private boolean mayTake(Permit permit) {
    return permit.level().isModest(permit.flow())
        || !presence.isBeside(permit.user(), nanos.getAsLong());
  }

  /** Nodes have a level of their own, always ask for something, and nobody sits before them. */
  private static boolean isNode(String user) {
    return user.startsWith(NODES);
  }

  private FlowSchema schemaOf(UserInfo user, Attributes asked, Snapshot now) {
    List<FlowSchema> all = schemas.in(now);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).matches(user, asked)) {
        return all.get(i);
      }
    }
    return null;
  }

  /** What a client is told when there is no room, and when it waited too long. */
  public static ApiFailure tooMany() {
    return tooMany("too many requests, please try again later.");
  }

  /** The same, where there is more to say. */
  public static ApiFailure tooMany(String message) {
    return new ApiFailure(
        Reason.TOO_MANY_REQUESTS,
        Reason.TOO_MANY_REQUESTS.code(),
        message,
        null,
        List.of(),
        RETRY_AFTER_SECONDS);
  }

  private synchronized boolean giveUp(PriorityLevel level, Waiting waiting) {
    boolean removed = level.remove(waiting);
    if (removed) {
      level.meters().late().increment();
    }
    return removed;
  }

  private void take(Permit permit) {
    permit.level().take(permit);
    permit.level().meters().dispatched().increment();
    count(permit, 1);
  }

  private void count(Permit permit, int change) {
    if (permit.readOnly()) {
      reading += change;
    } else {
      mutating += change;
    }
  }

  void release(Permit permit) {
    PriorityLevel level = permit.level();
    List<Runnable> started = new ArrayList<>(1);
    synchronized (this) {
      level.giveBack(permit);
      count(permit, -1);
      startNext(level, started);
      if (started.isEmpty()) {
        // A seat that its own level does not need may be one that another waits to borrow.
        levels.values().forEach(other -> startNext(other, started));
      }
    }
    started.forEach(Runnable::run);
  }

  private void startNext(PriorityLevel level, List<Runnable> started) {
    while (level.waiting() > 0 && level.hasSeat(spare())) {
      Waiting next = level.next(this::mayTake);
      if (next == null) {
        return;
      }
      take(next.permit());
      level.meters().waited(next.sinceNanos());
      started.add(next.start());
    }
  }

  /** Seats that may be borrowed now. */
  private int spare() {
    int lendable = 0;
    int borrowed = 0;
    for (PriorityLevel level : levels.values()) {
      lendable += level.lendable();
      borrowed += level.settings().exempt() ? 0 : level.borrowed();
    }
    return lendable - borrowed;
  }

  private PriorityLevel level(String name) {
    PriorityLevel level = levels.get(name);
    return level == null
        ? levels.computeIfAbsent("catch-all", n -> newLevel(LevelSettings.catchAll()))
        : level;
  }

  private PriorityLevel newLevel(LevelSettings level) {
    return new PriorityLevel(level, metrics.level(level.name(), this));
  }

  private void configure(Map<String, LevelSettings> wanted) {
    if (wanted.equals(configured)) {
      return;
    }
    configured = wanted;
    long shares = wanted.values().stream().mapToLong(LevelSettings::shares).sum();
    wanted.forEach((name, level) -> {
      long nominal = shares == 0 ? seats : Math.ceilDiv((long) seats * level.shares(), shares);
      levels
          .computeIfAbsent(name, n -> newLevel(level))
          .configure(level, (int) Math.max(1, nominal));
    });
    // Those whose object is gone serve who holds or awaits a seat, and get no new requests.
    levels.entrySet().removeIf(e -> !wanted.containsKey(e.getKey()) && e.getValue().waiting() == 0);
  }
}
