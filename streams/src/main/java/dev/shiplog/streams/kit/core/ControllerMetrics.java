package dev.shiplog.streams.kit.core;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What is counted of controllers, over all activations in this process: by the names that
 * Kubernetes' controllers have for their queues, and {@code shiplog_controller_*} for what only
 * these have. Any thread.
 */
public final class ControllerMetrics {

  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final Map<String, LoopMetrics> byController = new ConcurrentHashMap<>();

  /**
   * Metrics in a registry.
   *
   * @param nanoTime measures durations
   */
  public ControllerMetrics(MeterRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
  }

  /** Those that nobody looks at. */
  static ControllerMetrics unseen() {
    return new ControllerMetrics(new SimpleMeterRegistry(), () -> 0);
  }

  LoopMetrics of(String controller) {
    return byController.computeIfAbsent(
        controller, name -> new LoopMetrics(name, registry, nanoTime));
  }
}
