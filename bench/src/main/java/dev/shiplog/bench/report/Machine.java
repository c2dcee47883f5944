package dev.shiplog.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/** What figures were measured on. */
public final class Machine {

  private static final int FSYNCS = 200;
  private static final int FSYNC_BYTES = 1536;

  private Machine() {}

  /** One line; the load average tells whether others were at work on it. */
  public static String describe() throws IOException {
    return "%s; %d cores; %d GB; %s %s; JDK %s; load average at the start %.1f; an fsync takes %.2f ms (median)"
        .formatted(
            value(Path.of("/proc/cpuinfo"), "model name"),
            Runtime.getRuntime().availableProcessors(),
            kilobytes(Path.of("/proc/meminfo"), "MemTotal") >> 20,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            fsyncMs());
  }

  /** What a commit waits for at least: the median time to bring 1.5 KB more to the disk. */
  private static double fsyncMs() throws IOException {
    Path file = Files.createTempFile("shiplog-bench", ".fsync");
    long[] times = new long[FSYNCS];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FSYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(FSYNC_BYTES));
        channel.force(true);
        times[i] = System.nanoTime() - start;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(times);
    return times[FSYNCS / 2] / 1e6;
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
