package dev.shiplog.agent.usage;

import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.usage.NodeUsage.OfContainer;
import dev.shiplog.agent.usage.NodeUsage.OfPod;
import dev.shiplog.agent.usage.NodeUsage.Usage;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns counters into rates: it compares what a source says with what it said some time before, at
 * least {@link #WINDOW} ago where it was asked then. Somebody has to {@link #sample} regularly, or
 * the first one to read learns no rate. Safe for use by many threads; the state is guarded by this.
 */
public final class UsageMeter {

  /** What was asked a moment ago is not asked again, which bounds how many samples are kept. */
  private static final Duration FRESH = Duration.ofMillis(500);

  /** A rate over less is noise. */
  static final Duration WINDOW = Duration.ofSeconds(5);

  /** Measuring takes its time as well. */
  private static final Duration CLOCK_MAY_VARY = Duration.ofSeconds(1);

  private final String node;
  private final UsageSource source;
  private final Supplier<List<Pod>> pods;
  private final Function<String, VolumeSamples.OfPod> volumes;
  private final Supplier<NodeDisks.Figures> disks;
  private final InstantSource clock;

  /** Oldest first: the youngest that is old enough, and all since. */
  private final List<Sample> samples = new ArrayList<>();

  private record Counter(Instant at, long cpuNanos) {}

  /** What a source said at one time; counters by who they are of. */
  private record Sample(
      Instant taken, UsageSource.Machine machine, List<PodStats> pods, Map<Object, Counter> by) {

    static Sample of(UsageSource source, Instant taken) {
      UsageSource.Machine machine = source.machine();
      List<PodStats> pods = source.pods();
      Map<Object, Counter> by = new HashMap<>();
      by.put(machine.getClass(), new Counter(machine.at(), machine.cpuNanos()));
      for (PodStats pod : pods) {
        pod.containers()
            .forEach(container ->
                by.put(
                    new ContainerKey(pod.pod(), container.name()),
                    new Counter(pod.at(), container.cpuNanos())));
      }
      return new Sample(taken, machine, pods, by);
    }

    /** Whether the clock of the day was set since: its times say nothing of rates then. */
    boolean isByAnotherClock(Sample later) {
      Duration shown = Duration.between(machine.at(), later.machine.at());
      return shown.minus(Duration.between(taken, later.taken)).abs().compareTo(CLOCK_MAY_VARY) > 0;
    }
  }

  private record ContainerKey(PodIdentity pod, String container) {}

  /**
   * A meter of one node.
   *
   * @param pods the node's pods with their statuses, for when containers started
   * @param clock by which samples grow old; must not jump
   */
  public UsageMeter(
      String node, UsageSource source, Supplier<List<Pod>> pods, InstantSource clock) {
    this(node, source, pods, _ -> VolumeSamples.OfPod.NONE, () -> NodeDisks.Figures.NONE, clock);
  }

  private UsageMeter(
      String node,
      UsageSource source,
      Supplier<List<Pod>> pods,
      Function<String, VolumeSamples.OfPod> volumes,
      Supplier<NodeDisks.Figures> disks,
      InstantSource clock) {
    this.clock = clock;
    this.disks = disks;
    this.volumes = volumes;
    this.node = node;
    this.source = source;
    this.pods = pods;
  }

  /** The same that tells of volumes too. */
  public UsageMeter with(VolumeSamples samples) {
    return new UsageMeter(node, source, pods, samples::of, disks, clock);
  }

  /** The same that tells of the node's disks too. */
  public UsageMeter with(NodeDisks looked) {
    return new UsageMeter(node, source, pods, volumes, looked::read, clock);
  }

  public String node() {
    return node;
  }

  /** Asks the source now, so that rates are known later. */
  public synchronized void sample() {
    Instant now = clock.instant();
    if (!samples.isEmpty() && age(samples.getLast(), now).compareTo(FRESH) < 0) {
      return;
    }
    Sample last = Sample.of(source, now);
    samples.removeIf(before -> before.isByAnotherClock(last));
    samples.addLast(last);
    while (samples.size() > 2 && age(samples.get(1), now).compareTo(WINDOW) >= 0) {
      samples.removeFirst();
    }
  }

  private static Duration age(Sample sample, Instant now) {
    return Duration.between(sample.taken(), now);
  }

  /**
   * What the node uses now.
   *
   * @throws dev.shiplog.agent.runtime.PodRuntimeException if the runtime does not tell
   */
  public synchronized NodeUsage read() {
    sample();
    Sample last = samples.getLast();
    Map<String, Pod> byUid =
        pods.get().stream()
            .collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
    UsageSource.Machine machine = last.machine();
    return new NodeUsage(
        node,
        usage(machine.getClass(), machine.workingSetBytes(), machine.cpuNanoCores()),
        machine.availableBytes(),
        disks.get(),
        last.pods().stream()
            .map(pod -> ofPod(pod, Optional.ofNullable(byUid.get(pod.pod().uid()))))
            .toList());
  }

  private OfPod ofPod(PodStats stats, Optional<Pod> pod) {
    Optional<Instant> started = pod.map(it -> it.getStatus().getStartTime()).map(Instant::parse);
    return new OfPod(
        stats.pod(),
        started,
        stats.containers().stream().map(usage -> ofContainer(stats, usage, pod)).toList(),
        volumes.apply(stats.pod().uid()));
  }

  private OfContainer ofContainer(PodStats stats, PodStats.Usage container, Optional<Pod> pod) {
    return new OfContainer(
        container.name(),
        pod.flatMap(it -> startOf(it, container.name())),
        usage(
            new ContainerKey(stats.pod(), container.name()),
            container.workingSetBytes(),
            container.cpuNanoCores()),
        container.writableLayerBytes());
  }

  private Usage usage(Object key, long workingSetBytes, OptionalLong knownRate) {
    Counter now = samples.getLast().by().get(key);
    Counter before = samples.getFirst().by().get(key);
    return new Usage(
        now.at(),
        now.cpuNanos(),
        knownRate.isPresent() ? knownRate : rate(before, now),
        workingSetBytes);
  }

  /** Empty where it cannot be told: first seen, started again, or measured at one time. */
  private static OptionalLong rate(Counter before, Counter now) {
    if (before == null || before.cpuNanos() > now.cpuNanos() || !before.at().isBefore(now.at())) {
      return OptionalLong.empty();
    }
    double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
    return OptionalLong.of(Math.round((now.cpuNanos() - before.cpuNanos()) / seconds));
  }

  private static Optional<Instant> startOf(Pod pod, String container) {
    return Stream.of(
            pod.getStatus().getContainerStatuses(), pod.getStatus().getInitContainerStatuses())
        .flatMap(List::stream)
        .filter(status -> status.getName().equals(container))
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getRunning() != null)
        .map(state -> Instant.parse(state.getRunning().getStartedAt()))
        .findFirst();
  }
}
