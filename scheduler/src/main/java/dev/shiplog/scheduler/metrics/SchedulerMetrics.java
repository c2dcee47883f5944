package dev.shiplog.scheduler.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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
public final class SchedulerMetrics {

  /** How an attempt on a pod ended. */
  public enum AttemptResult {
    SCHEDULED,
    UNSCHEDULABLE,
    ERROR;

    private String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where pods wait; see {@code SchedulingQueue}. */
  public enum Queue {
    ACTIVE,
    BACKOFF,
    UNSCHEDULABLE,
    GATED;

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
  private final Map<Queue, AtomicLong> pending = new EnumMap<>(Queue.class);
  private final Map<Cached, AtomicLong> cached = new EnumMap<>(Cached.class);
  private final Counter preemptions;
  private final DistributionSummary victims;
  private final DistributionSummary attemptsOfBound;
  private final Map<String, Timer> sli = new HashMap<>();
  private final Map<String, Counter> incoming = new HashMap<>();

  /**
   * Metrics in a registry.
   *
   * @param nanoTime measures durations
   */
  public SchedulerMetrics(MeterRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    for (Queue queue : Queue.values()) {
      pending.put(
          queue,
          gauge("scheduler.pending.pods", "queue", queue.tag(), "Pods that wait to be scheduled"));
    }
    for (Cached what : Cached.values()) {
      cached.put(
          what, gauge("scheduler.cache.size", "type", what.tag(), "What the scheduler holds"));
    }
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

  private AtomicLong gauge(String name, String tag, String value, String description) {
    AtomicLong number = new AtomicLong();
    Gauge.builder(name, number, AtomicLong::doubleValue)
        .tag(tag, value)
        .description(description)
        .strongReference(true)
        .register(registry);
    return number;
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

  /**
   * A pod was read as bound.
   *
   * @param sinceFirstMs from the moment it could first be scheduled
   */
  public void bound(int attempts, long sinceFirstMs) {
    attemptsOfBound.record(attempts);
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

  /** A pod came to a queue because of something. */
  public void queued(Queue queue, String event) {
    incoming
        .computeIfAbsent(
            queue.tag() + event,
            key ->
                Counter.builder("scheduler.queue.incoming.pods")
                    .description("Pods that were added to a queue")
                    .tag("queue", queue.tag())
                    .tag("event", event)
                    .register(registry))
        .increment();
  }

  public void preempted(int pods) {
    preemptions.increment();
    victims.record(pods);
  }

  /** A preemption was looked for and would help nothing. */
  public void preemptionFailed() {
    preemptions.increment();
  }

  public void pending(Queue queue, long pods) {
    pending.get(queue).set(pods);
  }

  public void cached(Cached what, long number) {
    cached.get(what).set(number);
  }

  /** Bounds that double from the first on. */
  private static Duration[] buckets(Duration first, int count) {
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
