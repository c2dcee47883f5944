package dev.shiplog.topics.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The JVM and the process, the latter also by the names that every Prometheus client uses. */
final class MachineMeters {

  private static final Path PAGES = Path.of("/proc/self/statm");
  private static final int PAGE_BYTES = 4096;

  private MachineMeters() {}

  @SuppressWarnings("resource") // the collector is listened to as long as the process lives
  static void bindTo(MeterRegistry registry) {
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    FunctionCounter.builder("process.cpu.seconds", ProcessHandle.current(), MachineMeters::cpu)
        .description("Processor time of the process")
        .register(registry);
    Gauge.builder("process.resident.memory.bytes", MachineMeters::residentBytes)
        .description("Memory of the process that is in RAM")
        .register(registry);
  }

  private static double cpu(ProcessHandle process) {
    return process
        .info()
        .totalCpuDuration()
        .map(time -> (double) time.toNanos() / TimeUnit.SECONDS.toNanos(1))
        .orElse(Double.NaN);
  }

  /** The second number there; not known on systems without it. */
  private static double residentBytes() {
    try {
      String[] numbers = Files.readString(PAGES).split(" ", 3);
      return Long.parseLong(numbers[1]) * (double) PAGE_BYTES;
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }
}
