package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.usage.UsageSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What simulated containers use: what their pod's annotations {@code simulated.shiplog.dev/cpu} and
 * {@code simulated.shiplog.dev/memory} say now, as quantities, or with {@code .CONTAINER} for one
 * container alone; otherwise half of what it requests, and something small where it requests
 * nothing. A change of an annotation takes effect at once. The node uses what its pods use, and a
 * little for itself.
 *
 * <p>Safe for use by many threads; the state is guarded by this.
 */
public final class SimulatedUsage implements UsageSource {

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
  private static final long LITTLE_CPU = 1_000_000;
  private static final long LITTLE_MEMORY = 8L << 20;
  private static final long SYSTEM_CPU = 20_000_000;
  private static final long SYSTEM_MEMORY = 128L << 20;

  private final Supplier<List<Pod>> pods;
  private final long memoryBytes;
  private final InstantSource clock;
  private final Map<String, Counter> counters = new HashMap<>();
  private Counter ofNode;

  /** Processor time up to a moment. */
  private record Counter(Instant at, long nanos) {

    Counter after(long nanoCores, Instant now) {
      double seconds = Duration.between(at, now).toNanos() / 1e9;
      return new Counter(now, nanos + Math.round(nanoCores * seconds));
    }
  }

  /**
   * A source for one node.
   *
   * @param pods the node's pods with their statuses
   * @param memoryBytes what the node has
   */
  public SimulatedUsage(Supplier<List<Pod>> pods, long memoryBytes, InstantSource clock) {
    this.pods = pods;
    this.memoryBytes = memoryBytes;
    this.clock = clock;
    this.ofNode = new Counter(clock.instant(), 0);
  }

  @Override
  public synchronized Machine machine() {
    List<PodStats> all = pods();
    long cpu = SYSTEM_CPU;
    long memory = SYSTEM_MEMORY;
    for (PodStats pod : all) {
      for (PodStats.Usage usage : pod.containers()) {
        cpu += usage.cpuNanoCores().orElse(0);
        memory += usage.workingSetBytes();
      }
    }
    ofNode = ofNode.after(cpu, clock.instant());
    return new Machine(
        ofNode.at(),
        ofNode.nanos(),
        OptionalLong.of(cpu),
        memory,
        Math.max(0, memoryBytes - memory));
  }

  @Override
  public synchronized List<PodStats> pods() {
    Instant now = clock.instant();
    List<PodStats> stats = new ArrayList<>();
    Map<String, Counter> known = new HashMap<>();
    for (Pod pod : pods.get()) {
      List<PodStats.Usage> containers = new ArrayList<>();
      for (Container container : pod.getSpec().getContainers()) {
        startOf(pod, container.getName())
            .ifPresent(start -> containers.add(usage(pod, container, start, now, known)));
      }
      if (!containers.isEmpty()) {
        stats.add(new PodStats(identity(pod), now, containers));
      }
    }
    counters.clear();
    counters.putAll(known);
    return stats;
  }

  private PodStats.Usage usage(
      Pod pod, Container container, Instant start, Instant now, Map<String, Counter> known) {
    long cpu = cpu(pod, container);
    String key = pod.getMetadata().getUid() + "/" + container.getName();
    Counter counter = counters.getOrDefault(key, new Counter(start, 0)).after(cpu, now);
    known.put(key, counter);
    return new PodStats.Usage(
        container.getName(), counter.nanos(), OptionalLong.of(cpu), memory(pod, container), 0, 0);
  }

  private static long cpu(Pod pod, Container container) {
    return asked(pod, container, "cpu")
        .map(quantity -> quantity.multiply(NANOS).longValue())
        .or(() -> requested(container, "cpu").map(it -> it.multiply(NANOS).longValue() / 2))
        .orElse(LITTLE_CPU);
  }

  private static long memory(Pod pod, Container container) {
    return asked(pod, container, "memory")
        .map(BigDecimal::longValue)
        .or(() -> requested(container, "memory").map(it -> it.longValue() / 2))
        .orElse(LITTLE_MEMORY);
  }

  private static Optional<BigDecimal> asked(Pod pod, Container container, String resource) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    if (annotations == null) {
      return Optional.empty();
    }
    String trait = Behaviour.PREFIX + resource;
    String text =
        annotations.getOrDefault(trait + "." + container.getName(), annotations.get(trait));
    return Optional.ofNullable(text).flatMap(SimulatedUsage::amount);
  }

  /** What cannot be understood is as if it were not there. */
  private static Optional<BigDecimal> amount(String quantity) {
    try {
      BigDecimal amount = new Quantity(quantity).getNumericalAmount();
      return amount.signum() < 0 ? Optional.empty() : Optional.of(amount);
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> requested(Container container, String resource) {
    return Optional.ofNullable(container.getResources())
        .map(resources -> resources.getRequests())
        .map(requests -> requests.get(resource))
        .map(Quantity::getNumericalAmount);
  }

  private static Optional<Instant> startOf(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getRunning() != null)
        .map(state -> Instant.parse(state.getRunning().getStartedAt()))
        .findFirst();
  }

  private static PodIdentity identity(Pod pod) {
    return new PodIdentity(
        pod.getMetadata().getUid(), pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }
}
