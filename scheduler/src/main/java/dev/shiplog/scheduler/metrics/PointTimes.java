package dev.shiplog.scheduler.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a profile's plugins take at each step, all together: {@code
 * scheduler_framework_extension_point_duration_seconds}. The scheduling thread alone writes.
 */
public final class PointTimes {

  private static final String NAME = "scheduler.framework.extension.point.duration";

  /** Kubernetes' 0.1 ms and its doubles, and three halves of it: decisions are quick here. */
  private static final Duration FIRST_BUCKET = Duration.ofNanos(12_500);

  private static final int BUCKETS = 15;

  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final String profile;
  private final Map<ExtensionPoint, Timer> succeeded = new EnumMap<>(ExtensionPoint.class);
  private final Map<ExtensionPoint, Timer> failed = new EnumMap<>(ExtensionPoint.class);

  PointTimes(MeterRegistry registry, LongSupplier nanoTime, String profile) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.profile = profile;
  }

  /** The time from which a step is measured. */
  public long start() {
    return nanoTime.getAsLong();
  }

  /**
   * A step has ended.
   *
   * @param success false if it found nothing that will do
   * @return the time at which, from which the next step may be measured
   */
  public long ended(ExtensionPoint point, boolean success, long startedNanos) {
    long now = nanoTime.getAsLong();
    record(point, success, now - startedNanos);
    return now;
  }

  /** A step has taken so long. */
  void record(ExtensionPoint point, boolean success, long nanos) {
    (success ? succeeded : failed)
        .computeIfAbsent(point, p -> timer(p, success))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(ExtensionPoint point, boolean success) {
    return Timer.builder(NAME)
        .description("How long all plugins of a step take")
        .tag("extension_point", point.text())
        .tag("status", success ? "Success" : "Unschedulable")
        .tag("profile", profile)
        .serviceLevelObjectives(SchedulerMetrics.buckets(FIRST_BUCKET, BUCKETS))
        .register(registry);
  }
}
