package dev.shiplog.agent.metrics;

import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.Unknown;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * What the nodes of a process do and have, together. Any thread; {@link #look} asks the runtimes
 * and may take as long as they do.
 */
public final class KubeletMetrics {

  /** Kubernetes' bounds: 5 ms, each two and a half times the one before, up to 47 s. */
  private static final Duration[] BUCKETS =
      IntStream.range(0, 11)
          .mapToObj(i -> Duration.ofNanos((long) (5_000_000 * Math.pow(2.5, i))))
          .toArray(Duration[]::new);

  private static final List<String> STATES = List.of("created", "running", "exited", "unknown");

  private final MeterRegistry registry;
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();
  private final List<PodRuntime> runtimes = new CopyOnWriteArrayList<>();
  private final AtomicLong pods;
  private final Map<String, AtomicLong> containers = new ConcurrentHashMap<>();

  public KubeletMetrics(MeterRegistry registry) {
    this.registry = registry;
    pods = gauge("kubelet.running.pods", "Pods whose sandbox is there", "", "");
    for (String state : STATES) {
      containers.put(
          state,
          gauge("kubelet.running.containers", "Containers by state", "container_state", state));
    }
  }

  private AtomicLong gauge(String name, String description, String label, String value) {
    AtomicLong number = new AtomicLong();
    Gauge.Builder<AtomicLong> gauge =
        Gauge.builder(name, number, AtomicLong::get).description(description).strongReference(true);
    (label.isEmpty() ? gauge : gauge.tag(label, value)).register(registry);
    return number;
  }

  /** A runtime whose calls are counted and timed, and whose pods are counted. */
  public PodRuntime measure(PodRuntime runtime) {
    runtimes.add(runtime);
    return new MeasuredRuntime(runtime, this);
  }

  /** It is closed: its pods count no more. */
  void forget(PodRuntime runtime) {
    runtimes.remove(runtime);
  }

  Operation operation(String type) {
    return operations.computeIfAbsent(type, name -> new Operation(name, registry));
  }

  /** Counts the pods and containers there are; what cannot be asked now has none. */
  public void look() {
    List<RuntimePod> held = runtimes.stream().flatMap(runtime -> held(runtime).stream()).toList();
    pods.set(
        held.stream()
            .filter(pod -> pod.sandboxes().stream().anyMatch(SandboxStatus::ready))
            .count());
    for (String state : STATES) {
      containers
          .get(state)
          .set(
              held.stream()
                  .flatMap(pod -> pod.containers().stream())
                  .filter(container -> name(container).equals(state))
                  .count());
    }
  }

  private static List<RuntimePod> held(PodRuntime runtime) {
    try {
      return runtime.pods();
    } catch (PodRuntimeException e) {
      return List.of();
    }
  }

  private static String name(ContainerStatus container) {
    return switch (container.state()) {
      case Created _ -> "created";
      case Running _ -> "running";
      case Exited _ -> "exited";
      case Unknown _ -> "unknown";
    };
  }

  /** One kind of call of the runtime. */
  static final class Operation {
    private final Counter calls;
    private final Counter errors;
    private final Timer duration;

    Operation(String type, MeterRegistry registry) {
      calls = counter("kubelet.runtime.operations", "Calls of the runtime", type, registry);
      errors = counter("kubelet.runtime.operations.errors", "Those that failed", type, registry);
      duration =
          Timer.builder("kubelet.runtime.operations.duration")
              .description("How long calls of the runtime took")
              .tag("operation_type", type)
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
    }

    private static Counter counter(
        String name, String description, String type, MeterRegistry registry) {
      return Counter.builder(name)
          .description(description)
          .tag("operation_type", type)
          .register(registry);
    }

    void ended(long tookNanos, boolean failed) {
      calls.increment();
      duration.record(tookNanos, TimeUnit.NANOSECONDS);
      if (failed) {
        errors.increment();
      }
    }
  }
}
