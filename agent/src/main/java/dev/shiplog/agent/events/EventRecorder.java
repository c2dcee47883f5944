package dev.shiplog.agent.events;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Tells Events to the API server, beside the work they are about. The same event about the same
 * object again raises the count of the first one; an object that says too much is not listened to
 * for a while. Events are a help, not a record: when the server is away or slow, they are dropped
 * rather than kept.
 *
 * <p>{@link #record} never blocks and may be called by any thread; the rest belongs to one serial
 * executor.
 */
public final class EventRecorder {

  private static final Logger LOG = Logger.getLogger(EventRecorder.class);

  private static final String COMPONENT = "kubelet";
  private static final int MAX_WAITING = 1000;

  private final AgentServices services;
  private final String node;
  private final SerialExecutor owner;
  private final AtomicInteger waiting = new AtomicInteger();

  private final Map<Key, Told> told = Bounded.map();
  private final Map<String, TalkBudget> budgets = Bounded.map();

  public EventRecorder(AgentServices services, String node) {
    this.services = services;
    this.node = node;
    owner =
        new SerialExecutor(services.threads(), e -> services.faults().fault("Telling events", e));
  }

  private record Key(String about, String reason, String message, Severity severity) {}

  /** An event as it was last told. */
  private record Told(Event event, int count) {}

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
    owner.execute(() -> {
      waiting.decrementAndGet();
      tell(about, severity, reason, message, at);
    });
  }

  private void tell(
      ObjectReference about, Severity severity, String reason, String message, Instant at) {
    TalkBudget budget = budgets.computeIfAbsent(about.getUid(), uid -> new TalkBudget(at));
    if (!budget.spend(at)) {
      return;
    }
    Key key = new Key(about.getUid() + about.getFieldPath(), reason, message, severity);
    try {
      Told before = told.get(key);
      told.put(
          key, before == null ? first(about, severity, reason, message, at) : again(before, at));
    } catch (ClusterException e) {
      told.remove(key);
      LOG.debugf("Event %s of %s was not told: %s", reason, about.getName(), e.getMessage());
    }
  }

  private Told again(Told before, Instant at) {
    var meta = before.event().getMetadata();
    int count = before.count() + 1;
    services.cluster().patchEvent(meta.getNamespace(), meta.getName(), count, seconds(at));
    return new Told(before.event(), count);
  }

  private Told first(
      ObjectReference about, Severity severity, String reason, String message, Instant at) {
    String namespace = about.getNamespace() == null ? "default" : about.getNamespace();
    String time = seconds(at).toString();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(about.getName() + "." + Long.toHexString(unique(at)))
            .endMetadata()
            .withInvolvedObject(about)
            .withType(severity.text())
            .withReason(reason)
            .withMessage(message)
            .withCount(1)
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withNewSource(COMPONENT, node)
            .withReportingComponent(COMPONENT)
            .withReportingInstance(node)
            .build();
    services.cluster().createEvent(event);
    return new Told(event, 1);
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
