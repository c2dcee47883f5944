package dev.shiplog.agent.usage;

import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/** The machine's own figures, from Linux, and its pods' from their cgroups as the runtime reads. */
public final class MachineUsage implements UsageSource {

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final int IDLE = 4;
  private static final int WAITING_FOR_DISK = 5;
  private static final int GUEST = 9;

  private final PodRuntime runtime;
  private final InstantSource clock;

  public MachineUsage(PodRuntime runtime, InstantSource clock) {
    this.runtime = runtime;
    this.clock = clock;
  }

  @Override
  public Machine machine() {
    try {
      List<String> memory = Files.readAllLines(Path.of("/proc/meminfo"));
      long available = bytes(memory, "MemAvailable");
      String cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst();
      return new Machine(
          clock.instant(),
          busyNanos(cpu),
          OptionalLong.empty(),
          bytes(memory, "MemTotal") - available,
          available);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<PodStats> pods() {
    return runtime.stats();
  }

  /** The line {@code cpu user nice system idle iowait irq softirq steal guest guest_nice}. */
  static long busyNanos(String line) {
    String[] fields = line.trim().split(" +");
    long ticks = 0;
    // What guests use is contained in user and nice.
    for (int i = 1; i < Math.min(fields.length, GUEST); i++) {
      ticks += i == IDLE || i == WAITING_FOR_DISK ? 0 : Long.parseLong(fields[i]);
    }
    return ticks * NANOS_PER_TICK;
  }

  private static long bytes(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }
}
