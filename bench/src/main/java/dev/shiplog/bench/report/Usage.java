package dev.shiplog.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has of the machine. */
public record Usage(long pid) {

  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11;

  /** Processor time it has used so far, in seconds. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(file("stat"));
    // The name, which may hold blanks, ends with a parenthesis.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
    return ticks / TICKS_PER_SECOND;
  }

  /** Memory it has resident, in MB. */
  public long residentMb() throws IOException {
    return Files.readAllLines(file("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
