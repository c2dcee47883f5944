package dev.shiplog.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What figures were measured on. */
public final class Machine {

  private Machine() {}

  /** One line; the load average tells whether others were at work on it. */
  public static String describe() throws IOException {
    return "%s; %d cores; %d GB; %s %s; JDK %s; load average at the start %.1f"
        .formatted(
            value(Path.of("/proc/cpuinfo"), "model name"),
            Runtime.getRuntime().availableProcessors(),
            kilobytes(Path.of("/proc/meminfo"), "MemTotal") >> 20,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static long kilobytes(Path file, String name) throws IOException {
    return Long.parseLong(value(file, name).replaceAll("\\D", ""));
  }

  private static String value(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
