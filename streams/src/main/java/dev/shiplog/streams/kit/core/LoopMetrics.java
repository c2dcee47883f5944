package dev.shiplog.streams.kit.core;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** The meters of one controller. The application's thread counts, any thread may look. */
final class LoopMetrics {

  /** From 10 µs on, each four times the one before, up to 42 s. */
  private static final Duration[] BUCKETS =
      IntStream.range(0, 12)
          .mapToObj(i -> Duration.ofNanos(10_000L << (2 * i)))
          .toArray(Duration[]::new);

  private final String controller;
  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final AtomicInteger depth;
  private final AtomicInteger resting;
  private final Counter adds;
  private final Counter retries;
  private final Counter commands;
  private final Counter refusals;
  private final Counter failures;
  private final Timer waited;
  private final Timer worked;
  private final Timer changeToCommand;

  LoopMetrics(String controller, MeterRegistry registry, LongSupplier nanoTime) {
    this.controller = controller;
    this.registry = registry;
    this.nanoTime = nanoTime;
    depth = gauge("workqueue.depth", "Keys that wait to be looked at");
    resting = gauge("shiplog.controller.resting", "Keys that wait for outcomes of their commands");
    adds = counter("workqueue.adds", "Keys that came to the queue");
    retries = counter("workqueue.retries", "Keys that are looked at again later, with back-off");
    commands = counter("shiplog.controller.commands", "Commands sent");
    refusals = counter("shiplog.controller.refusals", "Commands that were refused");
    failures = counter("shiplog.controller.failures", "Reconciliations that threw: bugs");
    waited = timer("workqueue.queue.duration", "How long keys were in the queue");
    worked = timer("workqueue.work.duration", "How long reconciling a key took");
    changeToCommand =
        timer("shiplog.controller.change.to.command", "From a change's arrival to its commands");
  }

  private AtomicInteger gauge(String name, String description) {
    AtomicInteger number = new AtomicInteger();
    Gauge.builder(name, number, AtomicInteger::get)
        .description(description)
        .tag("name", controller)
        .strongReference(true)
        .register(registry);
    return number;
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name)
        .description(description)
        .tag("name", controller)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .tag("name", controller)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  long now() {
    return nanoTime.getAsLong();
  }

  void added() {
    adds.increment();
  }

  void retried() {
    retries.increment();
  }

  void failed() {
    failures.increment();
  }

  void refused() {
    refusals.increment();
  }

  void depth(int keys) {
    depth.setPlain(keys);
  }

  void resting(int keys) {
    resting.setPlain(keys);
  }

  void waited(long sinceNanos) {
    waited.record(now() - sinceNanos, TimeUnit.NANOSECONDS);
  }

  void worked(long sinceNanos) {
    worked.record(now() - sinceNanos, TimeUnit.NANOSECONDS);
  }

  /** Commands were sent for a key that came to the queue then. */
  void commanded(int count, long sinceNanos) {
    commands.increment(count);
    changeToCommand.record(now() - sinceNanos, TimeUnit.NANOSECONDS);
  }
}
