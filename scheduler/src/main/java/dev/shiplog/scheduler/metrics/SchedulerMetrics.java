package dev.shiplog.scheduler.metrics;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.queue.QueueListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The scheduler's metrics. Names are given with dots; a Prometheus registry makes of them those of
 * kube-scheduler: {@code scheduler_schedule_attempts_total}, {@code
 * scheduler_scheduling_attempt_duration_seconds} and so on. The scheduling thread alone writes; any
 * thread may read the registry.
 */
public final class SchedulerMetrics implements QueueListener {

  /** How an attempt on a pod ended. */
  public enum AttemptResult {
    SCHEDULED,
    UNSCHEDULABLE,
    ERROR;

    private String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the cache of the cluster holds. */
  public enum Cached {
    NODES,
    PODS,
    ASSUMED_PODS;

    private String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int MOST_ATTEMPTS_APART = 16;

  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final Map<String, Attempts> byProfile = new HashMap<>();
  private final Map<String, PointTimes> points = new HashMap<>();
  private final Map<Place, AtomicLong> pending = new EnumMap<>(Place.class);
  private final Map<Cached, AtomicLong> cached = new EnumMap<>(Cached.class);
  private final Counter preemptions;
  private final DistributionSummary victims;
  private final DistributionSummary attemptsOfBound;
  private final Map<String, Timer> sli = new HashMap<>();
  private final Map<String, Counter> incoming = new HashMap<>();
  private final Map<String, AtomicLong> unschedulable = new HashMap<>();
  private final Map<String, Timer> permitWaits = new HashMap<>();
  private final Timer algorithm;

  /**
   * Metrics in a registry.
   *
   * @param nanoTime measures durations
   */
  public SchedulerMetrics(MeterRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    for (Place place : Place.values()) {
      Tags tags = Tags.of("queue", tag(place));
      pending.put(place, gauge("scheduler.pending.pods", tags, "Pods that wait to be scheduled"));
    }
    for (Cached what : Cached.values()) {
      Tags tags = Tags.of("type", what.tag());
      cached.put(what, gauge("scheduler.cache.size", tags, "What the scheduler holds"));
    }
    algorithm =
        Timer.builder("scheduler.scheduling.algorithm.duration")
            .description("How long it took to find a node for a pod")
            .serviceLevelObjectives(buckets(Duration.ofNanos(62_500), 18))
            .register(registry);
    preemptions =
        Counter.builder("scheduler.preemption.attempts")
            .description("How often pods were removed, or tried to be, for another")
            .register(registry);
    victims =
        DistributionSummary.builder("scheduler.preemption.victims")
            .description("How many pods were removed for one")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
    attemptsOfBound =
        DistributionSummary.builder("scheduler.pod.scheduling.attempts")
            .description("How many attempts it took until a pod was bound")
            .serviceLevelObjectives(1, 2, 4, 8, 16)
            .register(registry);
  }

  private static String tag(Place place) {
    return place.name().toLowerCase(Locale.ROOT);
  }

  /** Metrics that nobody reads. */
  public static SchedulerMetrics none() {
    return new SchedulerMetrics(new CompositeMeterRegistry(), () -> 0);
  }

  private AtomicLong gauge(String name, Tags tags, String description) {
    AtomicLong number = new AtomicLong();
    Gauge.builder(name, number, AtomicLong::doubleValue)
        .tags(tags)
        .description(description)
        .strongReference(true)
        .register(registry);
    return number;
  }

  /** A scheduler begins, whose queue is empty. */
  public void begin() {
    unschedulable.values().forEach(number -> number.set(0));
  }

  /** The time from which an attempt is measured. */
  public long start() {
    return nanoTime.getAsLong();
  }

  /** An attempt on a pod has ended. */
  public void attempted(String profile, AttemptResult result, long startedNanos) {
    Attempts attempts = byProfile.computeIfAbsent(profile, name -> new Attempts(name, registry));
    attempts.ended(result, nanoTime.getAsLong() - startedNanos);
  }

  /** What measures the steps of a profile. */
  public PointTimes pointsOf(String profile) {
    return points.computeIfAbsent(profile, name -> new PointTimes(registry, nanoTime, name));
  }

  /** A node was found for a pod. */
  public void decided(long startedNanos) {
    algorithm.record(nanoTime.getAsLong() - startedNanos, TimeUnit.NANOSECONDS);
  }

  /**
   * A pod was read as bound.
   *
   * @param sinceFirstMs from the moment it could first be scheduled
   * @param sinceSentMs from the moment it was to be bound
   */
  public void bound(String profile, int attempts, long sinceFirstMs, long sinceSentMs) {
    attemptsOfBound.record(attempts);
    pointsOf(profile).record(ExtensionPoint.BIND, true, TimeUnit.MILLISECONDS.toNanos(sinceSentMs));
    String tag = Integer.toString(Math.min(attempts, MOST_ATTEMPTS_APART));
    sli.computeIfAbsent(tag, this::sliTimer).record(sinceFirstMs, TimeUnit.MILLISECONDS);
  }

  private Timer sliTimer(String attempts) {
    return Timer.builder("scheduler.pod.scheduling.sli.duration")
        .description("From the moment a pod could be scheduled to that it was bound")
        .tag("attempts", attempts)
        .serviceLevelObjectives(buckets(Duration.ofMillis(10), 20))
        .register(registry);
  }

  @Override
  public void came(Place place, String event) {
    incoming
        .computeIfAbsent(
            tag(place) + event,
            key ->
                Counter.builder("scheduler.queue.incoming.pods")
                    .description("Pods that were added to a queue")
                    .tag("queue", tag(place))
                    .tag("event", event)
                    .register(registry))
        .increment();
  }

  @Override
  public void turnedDown(Pod pod, Set<String> plugins, int change) {
    for (String plugin : plugins) {
      unschedulable
          .computeIfAbsent(
              plugin + "/" + pod.schedulerName(),
              key ->
                  gauge(
                      "scheduler.unschedulable.pods",
                      Tags.of("plugin", plugin, "profile", pod.schedulerName()),
                      "Pods that wait after a plugin turned them down"))
          .addAndGet(change);
    }
  }

  /** Pods no longer wait for a permit. */
  public void permitted(boolean allowed, long waitedMs) {
    permitWaits
        .computeIfAbsent(
            allowed ? "Success" : "Unschedulable",
            result ->
                Timer.builder("scheduler.permit.wait.duration")
                    .description("How long pods waited for a permit")
                    .tag("result", result)
                    .serviceLevelObjectives(buckets(Duration.ofMillis(1), 15))
                    .register(registry))
        .record(waitedMs, TimeUnit.MILLISECONDS);
  }

  public void preempted(int pods) {
    preemptions.increment();
    victims.record(pods);
  }

  /** A preemption was looked for, and nothing came of it. */
  public void preemptionFailed() {
    preemptions.increment();
  }

  public void pending(Place place, long pods) {
    pending.get(place).set(pods);
  }

  public void cached(Cached what, long number) {
    cached.get(what).set(number);
  }

  /** Bounds that double from the first on. */
  static Duration[] buckets(Duration first, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> first.multipliedBy(1L << i))
        .toArray(Duration[]::new);
  }

  /** What is counted for each profile. */
  private static final class Attempts {
    private final Map<AttemptResult, Counter> counts = new EnumMap<>(AttemptResult.class);
    private final Map<AttemptResult, Timer> durations = new EnumMap<>(AttemptResult.class);

    Attempts(String profile, MeterRegistry registry) {
      for (AttemptResult result : AttemptResult.values()) {
        counts.put(
            result,
            Counter.builder("scheduler.schedule.attempts")
                .description("Attempts to schedule pods, by how they ended")
                .tags("result", result.tag(), "profile", profile)
                .register(registry));
        durations.put(
            result,
            Timer.builder("scheduler.scheduling.attempt.duration")
                .description("How long the decision on a pod took")
                .tags("result", result.tag(), "profile", profile)
                .serviceLevelObjectives(buckets(Duration.ofNanos(62_500), 18))
                .register(registry));
      }
    }

    void ended(AttemptResult result, long nanos) {
      counts.get(result).increment();
      durations.get(result).record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
