package dev.shiplog.api.flow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;

/** What is counted of flow control, by the names of kube-apiserver. Any thread. */
final class FlowMetrics {

  private static final Duration[] WAITS =
      DoubleStream.of(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30)
          .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1000)))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  FlowMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many requests of a kind are worked on: {@code mutating} or {@code readOnly}. */
  void inFlight(String kind, FlowControl control, ToIntFunction<FlowControl> now) {
    Gauge.builder("apiserver.current.inflight.requests", control, now::applyAsInt)
        .description("Requests that are worked on now, without those that go on")
        .tag("request_kind", kind)
        .register(registry);
  }

  /** Meters of one priority level, and what is looked up of it for a page. */
  Level level(String name, FlowControl control) {
    gauge("current.executing.requests", name, control, PriorityLevel::executing);
    gauge("current.inqueue.requests", name, control, PriorityLevel::waiting);
    gauge("nominal.limit.seats", name, control, PriorityLevel::seats);
    return new Level(
        counter("dispatched.requests", name).register(registry),
        rejected(name, "queue-full"),
        rejected(name, "time-out"),
        Timer.builder("apiserver.flowcontrol.request.wait.duration")
            .description("How long requests waited that had to wait")
            .tag("priority_level", name)
            .serviceLevelObjectives(WAITS)
            .register(registry));
  }

  private void gauge(
      String metric, String level, FlowControl control, ToIntFunction<PriorityLevel> value) {
    Gauge.builder("apiserver.flowcontrol." + metric, control, flows -> flows.look(level, value))
        .tag("priority_level", level)
        .register(registry);
  }

  private Counter rejected(String level, String reason) {
    return counter("rejected.requests", level).tag("reason", reason).register(registry);
  }

  private static Counter.Builder counter(String metric, String level) {
    return Counter.builder("apiserver.flowcontrol." + metric).tag("priority_level", level);
  }

  /**
   * Of one priority level.
   *
   * @param dispatched those that got a seat
   * @param full those there was no room for
   * @param late those that gave up waiting
   * @param waits how long those waited that had to
   */
  record Level(Counter dispatched, Counter full, Counter late, Timer waits) {

    void waited(long sinceNanos) {
      waits.record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
    }
  }
}
