package dev.shiplog.agent.eviction;

import dev.shiplog.agent.files.DiskUse;
import dev.shiplog.agent.node.Pressure;
import dev.shiplog.agent.pod.NodeContext;
import dev.shiplog.agent.pod.NodePods;
import dev.shiplog.agent.pod.plan.PodPriority;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.PodStats.Usage;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Watches what a node has left, and acts when it is too little. Where it is room on a disk, first
 * goes what pods left that have ended, then unused images; then pods are ended, each after nothing
 * of the one before is left, until there is enough. Pods that write more than they may are ended
 * whatever is left.
 *
 * <p>State belongs to one serial executor.
 */
public final class Evictor implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Evictor.class);
  static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** So long is waited, as in the kubelet, for what a pod that was ended gives back. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

  private final NodeContext node;
  private final NodePods pods;
  private final NodeGauges gauges;
  private final Thresholds thresholds;
  private final PressureWatch watch;
  private final Consumer<Set<Pressure>> onPressure;
  private final StorageLimits limits;
  private final UnusedImages images;
  private final Periodic periodic;

  /** Uid of the pod that was ended last; another one follows once nothing of it is left. */
  private String ending = "";

  private Instant endingSince = Instant.MIN;
  private volatile boolean closed;

  /**
   * An evictor that does nothing until it is started.
   *
   * @param onPressure told at each turn which pressures the node is under; must not block
   */
  public Evictor(
      NodeContext node,
      NodePods pods,
      NodeGauges gauges,
      EvictionRules rules,
      Consumer<Set<Pressure>> onPressure) {
    this.node = node;
    this.pods = pods;
    this.gauges = gauges;
    thresholds = rules.thresholds();
    watch = new PressureWatch(rules.transition());
    this.onPressure = onPressure;
    limits = new StorageLimits(node.files());
    images = new UnusedImages(node.runtime());
    SerialExecutor owner =
        new SerialExecutor(
            node.services().threads(),
            e -> node.services().faults().fault("Watching what the node has left", e));
    periodic =
        new Periodic(
            node.services().timers(), owner, node.services().random(), LOOK_EVERY, this::look);
  }

  public void start() {
    periodic.runNow();
  }

  @Override
  public void close() {
    closed = true;
    periodic.close();
  }

  private void look() {
    try {
      lookAround();
    } catch (RejectedExecutionException e) {
      // The threads of pods may have ended by now, if this is to end as well.
      if (!closed) {
        throw e;
      }
    }
  }

  private void lookAround() {
    Map<Signal, Level> levels = gauges.read();
    Set<Signal> shortNow = shortOf(levels);
    onPressure.accept(watch.observe(shortNow, node.services().timers().steady()));
    try {
      Map<String, Map<String, Usage>> usages = usages();
      enforceLimits(usages);
      boolean diskIsShort =
          shortNow.stream().anyMatch(signal -> signal.pressure() == Pressure.DISK);
      if (diskIsShort && pods.reclaimEnded()) {
        return;
      }
      if (diskIsShort) {
        images.remove();
        levels = gauges.read();
      }
      if (!isEnding()) {
        evictOne(shortOf(levels), levels, usages);
      }
    } catch (PodRuntimeException e) {
      LOG.warnf("Cannot see what pods use: %s", e.getMessage());
    }
  }

  private boolean isEnding() {
    Instant now = node.services().timers().steady();
    return now.isBefore(endingSince.plus(ENDS_WITHIN)) && !pods.isGone(ending);
  }

  private Set<Signal> shortOf(Map<Signal, Level> levels) {
    Set<Signal> shortNow = EnumSet.noneOf(Signal.class);
    levels.forEach((signal, level) -> {
      if (thresholds.isShort(signal, level)) {
        shortNow.add(signal);
      }
    });
    return shortNow;
  }

  /** What containers use, by pod uid and name. */
  private Map<String, Map<String, Usage>> usages() {
    return node.runtime().stats().stream()
        .collect(
            Collectors.toMap(stats -> stats.pod().uid(), Evictor::byName, (one, other) -> one));
  }

  private static Map<String, Usage> byName(PodStats stats) {
    return stats.containers().stream()
        .collect(Collectors.toMap(Usage::name, Function.identity(), (one, other) -> one));
  }

  private void enforceLimits(Map<String, Map<String, Usage>> usages) {
    for (Pod pod : candidates()) {
      if (StorageLimits.hasLimits(pod)) {
        limits
            .breach(pod, usages.getOrDefault(uid(pod), Map.of()))
            .ifPresent(message -> pods.evict(uid(pod), message));
      }
    }
  }

  private void evictOne(
      Set<Signal> shortNow, Map<Signal, Level> levels, Map<String, Map<String, Usage>> usages) {
    Optional<Signal> worst = shortNow.stream().findFirst();
    if (worst.isEmpty()) {
      return;
    }
    Signal signal = worst.get();
    List<PodUse> ranked =
        candidates().stream()
            .filter(pod -> !PodPriority.isCritical(pod))
            .map(pod -> use(pod, signal, usages.getOrDefault(uid(pod), Map.of())))
            .sorted(PodUse.order(signal))
            .toList();
    if (ranked.isEmpty()) {
      LOG.warnf("The node is low on %s and has no pod that it could end", signal.resource());
      return;
    }
    evict(ranked.getFirst().pod(), signal, levels.get(signal), usages);
  }

  private void evict(Pod pod, Signal signal, Level level, Map<String, Map<String, Usage>> usages) {
    Map<String, Usage> own = usages.getOrDefault(uid(pod), Map.of());
    long least = thresholds.least(signal, level).orElseThrow();
    ending = uid(pod);
    endingSince = node.services().timers().steady();
    pods.evict(
        ending,
        Words.shortage(signal, least, level.available())
            + Words.excess(pod, signal, own, name -> limits.written(pod, name, own)));
  }

  private PodUse use(Pod pod, Signal signal, Map<String, Usage> usages) {
    long memory = usages.values().stream().mapToLong(Usage::workingSetBytes).sum();
    DiskUse disk =
        signal.pressure() == Pressure.DISK
            ? limits.use(pod, node.files().volumes(pod), usages)
            : DiskUse.NONE;
    return new PodUse(pod, memory, disk);
  }

  private List<Pod> candidates() {
    return pods.pods().stream()
        .filter(pod -> !PodSpecs.hasEnded(pod) && !PodSpecs.isDeleted(pod))
        .toList();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
