package dev.shiplog.api.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How long admission takes, by the names and labels of kube-apiserver: as a whole, for each plug-in
 * that looks at a request, and for each webhook that is asked. Any thread.
 */
public final class AdmissionMetrics {

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Map<Sort, Timer> timers = new ConcurrentHashMap<>();

  public AdmissionMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Those that nobody looks at. */
  static AdmissionMetrics unseen() {
    return new AdmissionMetrics(new SimpleMeterRegistry());
  }

  /** Which half of admission it is. */
  public enum Half {
    MUTATE("admit"),
    VALIDATE("validate");

    private final String type;

    Half(String type) {
      this.type = type;
    }
  }

  private record Sort(
      String meter,
      String name,
      Half half,
      AdmissionRequest.Operation operation,
      boolean rejected) {}

  /** Times one half of the admission of a request. */
  CompletableFuture<Void> step(
      Half half, AdmissionRequest request, long sinceNanos, CompletableFuture<Void> admitted) {
    return timed(
        "apiserver.admission.step.admission.duration", "", half, request, sinceNanos, admitted);
  }

  /** Times a plug-in. */
  CompletableFuture<Void> plugin(
      String name,
      Half half,
      AdmissionRequest request,
      long sinceNanos,
      CompletableFuture<Void> admitted) {
    return timed(
        "apiserver.admission.controller.admission.duration",
        name,
        half,
        request,
        sinceNanos,
        admitted);
  }

  /** Times a webhook. */
  public <T> CompletableFuture<T> webhook(
      String name,
      Half half,
      AdmissionRequest request,
      long sinceNanos,
      CompletableFuture<T> asked) {
    return timed(
        "apiserver.admission.webhook.admission.duration", name, half, request, sinceNanos, asked);
  }

  private <T> CompletableFuture<T> timed(
      String meter,
      String name,
      Half half,
      AdmissionRequest request,
      long sinceNanos,
      CompletableFuture<T> ending) {
    if (ending.isDone()) {
      record(
          new Sort(meter, name, half, request.operation(), ending.isCompletedExceptionally()),
          sinceNanos);
      return ending;
    }
    return ending.whenComplete((_, refused) ->
        record(new Sort(meter, name, half, request.operation(), refused != null), sinceNanos));
  }

  private void record(Sort sort, long sinceNanos) {
    Timer timer = timers.get(sort);
    (timer == null ? timers.computeIfAbsent(sort, this::make) : timer)
        .record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
  }

  private Timer make(Sort sort) {
    Timer.Builder timer =
        Timer.builder(sort.meter)
            .description("How long admission took")
            .tags("type", sort.half.type, "operation", sort.operation.name())
            .tags("rejected", Boolean.toString(sort.rejected))
            .serviceLevelObjectives(BUCKETS);
    return (sort.name.isEmpty() ? timer : timer.tag("name", sort.name)).register(registry);
  }
}
