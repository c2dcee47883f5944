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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Gives requests their seats. Any thread: what is kept here is guarded by one lock that is held for
 * a few steps.
 */
public final class FlowControl {

  private static final String GROUP = "flowcontrol.apiserver.k8s.io";
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Supplier<Snapshot> state;
  private final int seats;
  private final ByRevision<List<FlowSchema>> schemas =
      new ByRevision<>(StorageResource.of("flowschemas", GROUP), FlowControl::schemas);
  private final ByRevision<Map<String, LevelSettings>> settings =
      new ByRevision<>(
          StorageResource.of("prioritylevelconfigurations", GROUP), FlowControl::settings);
  private final Map<String, PriorityLevel> levels = new HashMap<>();
  private Map<String, LevelSettings> configured = Map.of();

  /**
   * Flow control by the objects in a state.
   *
   * @param seats how many requests are worked on at a time, in all
   */
  public FlowControl(Supplier<Snapshot> state, int seats) {
    this.state = state;
    this.seats = seats;
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
   * Asks for a seat.
   *
   * @param start runs, on whichever thread frees the seat, if the request has to wait
   * @throws ApiFailure {@code TooManyRequests} if there is no room to wait
   */
  public Outcome ask(UserInfo user, Attributes asked, java.util.function.Consumer<Permit> start) {
    Snapshot now = state.get();
    FlowSchema schema = schemaOf(user, asked, now);
    Map<String, LevelSettings> wanted = settings.in(now);
    String levelName = schema == null ? "" : schema.level();
    synchronized (this) {
      configure(wanted);
      PriorityLevel level = level(levelName);
      Permit permit =
          new Permit(this, level, schema == null ? "" : schema.uid(), level.settings().uid());
      if (level.waiting() == 0 && level.hasSeat(spare())) {
        level.take();
        return new Outcome.Seated(permit);
      }
      Waiting waiting = new Waiting(permit, System.nanoTime(), () -> start.accept(permit));
      String flow = schema == null ? "" : schema.flow(user, asked);
      if (!level.enqueue(flow, waiting)) {
        throw tooMany();
      }
      return new Outcome.Queued(permit, () -> giveUp(level, waiting));
    }
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
    return new ApiFailure(
        Reason.TOO_MANY_REQUESTS,
        Reason.TOO_MANY_REQUESTS.code(),
        "too many requests, please try again later.",
        null,
        List.of(),
        RETRY_AFTER_SECONDS);
  }

  private synchronized boolean giveUp(PriorityLevel level, Waiting waiting) {
    return level.remove(waiting);
  }

  void release(PriorityLevel level) {
    List<Runnable> started = new ArrayList<>(1);
    synchronized (this) {
      level.giveBack();
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
      Waiting next = level.next();
      level.take();
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
        ? levels.computeIfAbsent("catch-all", n -> new PriorityLevel(LevelSettings.catchAll()))
        : level;
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
          .computeIfAbsent(name, n -> new PriorityLevel(level))
          .configure(level, (int) Math.max(1, nominal));
    });
    // Those whose object is gone serve who holds or awaits a seat, and get no new requests.
    levels.entrySet().removeIf(e -> !wanted.containsKey(e.getKey()) && e.getValue().waiting() == 0);
  }
}
