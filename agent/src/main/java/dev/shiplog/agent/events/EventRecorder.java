package dev.shiplog.agent.events;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.EventChange;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Tells Events to the API server, beside the work they are about. What comes within a moment is
 * told with one request: events are not urgent, and pods that start together have many. The same
 * event about the same object again raises the count of the first one; an object that says too much
 * is not listened to for a while, nor is anybody when all say too much. Events are a help, not a
 * record: when the server is away or slow, they are dropped rather than kept.
 *
 * <p>{@link #record} never blocks and may be called by any thread; the rest belongs to one serial
 * executor.
 */
public final class EventRecorder implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EventRecorder.class);

  /** How long an event may wait for others. */
  public static final Duration GATHERING = Duration.ofSeconds(1);

  private static final String COMPONENT = "kubelet";
  private static final int MAX_WAITING = 1000;
  private static final int MAX_AT_ONCE = 100;

  private final AgentServices services;
  private final String node;
  private final Duration gathering;
  private final TalkBudget together;
  private final SerialExecutor owner;
  private final AtomicInteger waiting = new AtomicInteger();

  private final Map<Key, Told> told = Bounded.map();
  private final Map<String, TalkBudget> budgets = Bounded.map();

  /** What is to be told with the next request, in the order in which it first happened. */
  private final Map<Key, EventChange> gathered = new LinkedHashMap<>();

  private Timers.Timer timer = () -> {};
  private boolean closed;

  /**
   * A recorder that has nothing to tell.
   *
   * @param gathering how long an event may wait for others; zero to tell each as soon as it can be
   * @param together what it shares with the other nodes of the process
   */
  public EventRecorder(
      AgentServices services, String node, Duration gathering, TalkBudget together) {
    this.services = services;
    this.node = node;
    this.gathering = gathering;
    this.together = together;
    owner =
        new SerialExecutor(services.threads(), e -> services.faults().fault("Telling events", e));
  }

  private record Key(String about, String reason, String message, Severity severity) {}

  /** An event as it was last told. */
  private record Told(String namespace, String name, int count) {}

  /**
   * Tells an event.
   *
   * @param about the object, with the field path where it is about a part of it
   * @param reason one word in camel case
   */
  public void record(ObjectReference about, Severity severity, String reason, String message) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    Instant at = services.timers().instant();
    Instant steady = services.timers().steady();
    owner.execute(() -> {
      waiting.decrementAndGet();
      if (mayTell(about, steady)) {
        take(about, severity, reason, message, at);
      }
    });
  }

  /** An object is gone: nothing more will be told of it, and what was is of no use. */
  public void forget(String uid) {
    owner.execute(() -> {
      budgets.remove(uid);
      told.keySet().removeIf(key -> key.about().startsWith(uid));
    });
  }

  /** Tells at once what was gathered, and from now on whatever is still recorded. */
  @Override
  public void close() {
    owner.execute(() -> {
      closed = true;
      tell();
    });
  }

  private boolean mayTell(ObjectReference about, Instant now) {
    return budgets.computeIfAbsent(about.getUid(), uid -> TalkBudget.ofOneObject()).spend(now)
        && together.spend(now);
  }

  private void take(
      ObjectReference about, Severity severity, String reason, String message, Instant at) {
    Key key = new Key(about.getUid() + about.getFieldPath(), reason, message, severity);
    if (gathered.isEmpty()) {
      tellSoon();
    }
    gather(key, change(about, key, at));
    if (gathered.size() >= MAX_AT_ONCE) {
      tell();
    }
  }

  /**
   * A request changes an event once at most, so one that was not told yet is told with the count.
   */
  private EventChange change(ObjectReference about, Key key, Instant at) {
    Told before = told.get(key);
    if (before == null) {
      return new EventChange.First(first(about, key, at));
    }
    int count = before.count() + 1;
    if (gathered.get(key) instanceof EventChange.First(Event event)) {
      event.setCount(count);
      event.setLastTimestamp(seconds(at).toString());
      return new EventChange.First(event);
    }
    return new EventChange.Again(before.namespace(), before.name(), count, seconds(at));
  }

  private void gather(Key key, EventChange change) {
    gathered.put(key, change);
    told.put(
        key,
        switch (change) {
          case EventChange.First(Event event) ->
              new Told(
                  event.getMetadata().getNamespace(),
                  event.getMetadata().getName(),
                  event.getCount());
          case EventChange.Again again -> new Told(again.namespace(), again.name(), again.count());
        });
  }

  private void tellSoon() {
    if (closed || gathering.isZero()) {
      owner.execute(this::tell);
    } else {
      timer = services.timers().after(gathering, () -> owner.execute(this::tell));
    }
  }

  private void tell() {
    timer.cancel();
    List<Key> keys = List.copyOf(gathered.keySet());
    List<EventChange> changes = List.copyOf(gathered.values());
    gathered.clear();
    if (changes.isEmpty()) {
      return;
    }
    try {
      services.cluster().tell(changes).forEach((index, why) -> forget(keys.get(index), why));
    } catch (ClusterException e) {
      keys.forEach(key -> forget(key, e.getMessage()));
    }
  }

  private void forget(Key key, String why) {
    told.remove(key);
    LOG.debugf("Event %s was not told: %s", key.reason(), why);
  }

  private Event first(ObjectReference about, Key key, Instant at) {
    String namespace = about.getNamespace() == null ? "default" : about.getNamespace();
    String time = seconds(at).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(about.getName() + "." + Long.toHexString(unique(at)))
        .endMetadata()
        .withInvolvedObject(about)
        .withType(key.severity().text())
        .withReason(key.reason())
        .withMessage(key.message())
        .withCount(1)
        .withFirstTimestamp(time)
        .withLastTimestamp(time)
        .withNewSource(COMPONENT, node)
        .withReportingComponent(COMPONENT)
        .withReportingInstance(node)
        .build();
  }

  /** Nanoseconds, made unique among the events of this moment by chance. */
  private long unique(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L
        + at.getNano() / 1_000_000 * 1_000_000L
        + services.random().nextInt(1_000_000);
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Keeps the latest of what it is given, and forgets the rest. */
  private static final class Bounded<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;
    private static final int MAX = 4096;

    static <K, V> Map<K, V> map() {
      return new Bounded<>();
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MAX;
    }
  }
}
