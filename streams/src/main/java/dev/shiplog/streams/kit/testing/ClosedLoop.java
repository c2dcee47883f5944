package dev.shiplog.streams.kit.testing;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * An application and a {@link FakeApiServer} in a loop, in one thread and on a clock of its own.
 * Every topic keeps its order, but which topic moves next is drawn from a seed; so is whether a
 * command is carried out before a record is read. A seed gives the same run every time.
 */
public final class ClosedLoop implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(1);
  private static final Duration RESTED = Duration.ofSeconds(30);
  private static final int STEPS_MAX = 200_000;

  private final Supplier<Application> applications;
  private final Engine.Factory engines;
  private final Random random;
  private final FakeApiServer server;
  private final List<Bystander> bystanders = new ArrayList<>();
  private final Map<StorageResource, Deque<StoreRecord>> topics = new TreeMap<>();
  private final Map<String, Deque<Command>> commandsByKey = new TreeMap<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final List<StoreRecord> delivered = new ArrayList<>();
  private final Set<StorageResource> followed = new LinkedHashSet<>();
  private final Map<StorageResource, Long> reached = new TreeMap<>();
  private final List<Command> sent = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Engine engine;

  /** Somebody else in the cluster, for example kubelets. */
  @FunctionalInterface
  public interface Bystander {

    /** What it could do next, each on its own; empty if it is content. */
    List<Runnable> moves(FakeApiServer server, Instant now);
  }

  /**
   * Joins an application and a server.
   *
   * @param applications makes the application, anew after each {@link #crash}
   * @param types what the server knows, beside what the application follows
   */
  public ClosedLoop(
      Supplier<Application> applications, Collection<ResourceType<?>> types, long seed) {
    this(applications, types, seed, Engine::direct);
  }

  /** The same with another way to run the application. */
  public ClosedLoop(
      Supplier<Application> applications,
      Collection<ResourceType<?>> types,
      long seed,
      Engine.Factory engines) {
    this.engines = engines;
    this.applications = applications;
    this.random = new Random(seed);
    Application application = applications.get();
    Set<ResourceType<?>> known = new LinkedHashSet<>(application.resources());
    known.addAll(types);
    this.server = new FakeApiServer(known, () -> now);
    application.resources().forEach(type -> followed.add(type.resource()));
    start();
  }

  public FakeApiServer server() {
    return server;
  }

  public void add(Bystander bystander) {
    bystanders.add(bystander);
  }

  public Instant now() {
    return now;
  }

  /** Every command so far, in the order it was sent. */
  public List<Command> sent() {
    return List.copyOf(sent);
  }

  /**
   * The process dies: what it knew is gone, what it sent is not. A new one reads the topics from
   * their start.
   */
  public void crash() {
    engine.close();
    start();
  }

  @Override
  public void close() {
    engine.close();
  }

  /**
   * The log is compacted, as Kafka does it: of each key the last record that was read stays, and of
   * a key that was deleted perhaps nothing. Who starts later reads no more than that.
   */
  public void compact() {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < delivered.size(); i++) {
      last.put(delivered.get(i).resource() + " " + delivered.get(i).key(), i);
    }
    List<StoreRecord> kept = new ArrayList<>();
    for (int i = 0; i < delivered.size(); i++) {
      StoreRecord record = delivered.get(i);
      boolean isLast = last.get(record.resource() + " " + record.key()) == i;
      if (isLast && (record.value() != null || random.nextBoolean())) {
        kept.add(record);
      }
    }
    delivered.clear();
    delivered.addAll(kept);
  }

  /** A record that was read before is read once more, as after a rebalance. */
  public void repeat() {
    if (!delivered.isEmpty()) {
      read(delivered.get(random.nextInt(delivered.size())));
      takeCommands();
    }
  }

  /** Half a minute in which everybody does what there is to do. */
  public void rest() {
    pass(RESTED);
  }

  private void start() {
    engine = engines.start(applications, List.copyOf(delivered), new Backlog(), now);
    takeCommands();
  }

  /** Moves on until nobody has anything to do, and then past every short timer. */
  public void settle() {
    int idle = 0;
    for (int steps = 0; idle < 20_000; steps++) {
      if (steps == STEPS_MAX) {
        throw new AssertionError("not settled after " + STEPS_MAX + " steps");
      }
      idle = step() ? 0 : idle + 1;
    }
  }

  /** Moves on until the condition holds. */
  public void runUntil(BooleanSupplier condition) {
    for (int steps = 0; !condition.getAsBoolean(); steps++) {
      if (steps == STEPS_MAX) {
        throw new AssertionError("not so after " + STEPS_MAX + " steps");
      }
      step();
    }
  }

  /**
   * It is that time at once; for a time too far away to pass step by step.
   *
   * @throws IllegalArgumentException if that was before
   */
  public void jumpTo(Instant time) {
    if (time.isBefore(now)) {
      throw new IllegalArgumentException(time + " was before " + now);
    }
    now = time;
    settleNow();
  }

  /** Lets time pass in steps of at most a second. */
  public void pass(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      Instant next = now.plusSeconds(1);
      now = next.isBefore(end) ? next : end;
      settleNow();
    }
  }

  private void settleNow() {
    while (step()) {
      // until nobody can move
    }
  }

  /** One move of somebody; false if nobody could move. */
  public boolean step() {
    now = now.plus(STEP);
    collect();
    List<Runnable> moves = moves();
    if (!moves.isEmpty()) {
      moves.get(random.nextInt(moves.size())).run();
    }
    engine.time(now);
    takeCommands();
    return !moves.isEmpty();
  }

  private List<Runnable> moves() {
    List<Runnable> moves = new ArrayList<>();
    topics.values().stream()
        .filter(topic -> !topic.isEmpty())
        .forEach(topic -> moves.add(() -> deliver(topic.removeFirst())));
    commandsByKey.values().stream()
        .filter(queue -> !queue.isEmpty())
        .forEach(queue -> moves.add(() -> outcomes.add(server.execute(queue.removeFirst()))));
    if (!outcomes.isEmpty()) {
      moves.add(() -> engine.outcome(outcomes.removeFirst(), now));
    }
    bystanders.forEach(bystander -> moves.addAll(bystander.moves(server, now)));
    return moves;
  }

  private void deliver(StoreRecord record) {
    delivered.add(record);
    read(record);
  }

  private void read(StoreRecord record) {
    reached.merge(record.resource(), record.revision(), Math::max);
    engine.read(record, now);
  }

  private void collect() {
    for (StoreRecord record : server.takeCommitted()) {
      if (followed.contains(record.resource())) {
        topics.computeIfAbsent(record.resource(), r -> new ArrayDeque<>()).add(record);
      }
    }
  }

  private void takeCommands() {
    for (Command command : engine.drain()) {
      sent.add(command);
      commandsByKey.computeIfAbsent(command.key(), key -> new ArrayDeque<>()).add(command);
    }
  }

  /** All that is on its way at the start has to arrive. */
  private final class Backlog implements CatchUp {
    private Map<StorageResource, Long> expected = Map.of();

    @Override
    public void start() {
      collect();
      expected = new TreeMap<>();
      topics.forEach((resource, topic) -> {
        if (!topic.isEmpty()) {
          expected.put(resource, topic.getLast().revision());
        }
      });
    }

    @Override
    public boolean done() {
      return expected.entrySet().stream()
          .allMatch(entry -> reached.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }
  }
}
