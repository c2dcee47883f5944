package dev.shiplog.agent.eviction;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The gauges of a Linux machine. What cannot be read is left out. */
record HostGauges(Path proc, Path data, Optional<Path> images) implements NodeGauges {

  private static final Logger LOG = Logger.getLogger(HostGauges.class);
  private static final long KIB = 1024;
  private static final Pattern MEMORY_TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
  private static final Pattern MEMORY_AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("\\d+/(\\d+)");

  /** Something that may fail to be read. */
  private interface Gauge {
    Level read() throws IOException;
  }

  @Override
  public Map<Signal, Level> read() {
    Map<Signal, Level> levels = new EnumMap<>(Signal.class);
    put(levels, Signal.MEMORY, this::memory);
    put(levels, Signal.NODE_DISK, () -> disk(data));
    images.ifPresent(path -> put(levels, Signal.IMAGE_DISK, () -> disk(path)));
    put(levels, Signal.PIDS, this::pids);
    return levels;
  }

  private static void put(Map<Signal, Level> levels, Signal signal, Gauge gauge) {
    try {
      levels.put(signal, gauge.read());
    } catch (IOException | IllegalStateException e) {
      LOG.debugf("%s cannot be measured: %s", signal.text(), e.getMessage());
    }
  }

  private Level memory() throws IOException {
    String text = Files.readString(proc.resolve("meminfo"));
    return new Level(number(MEMORY_AVAILABLE, text) * KIB, number(MEMORY_TOTAL, text) * KIB);
  }

  private static Level disk(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return new Level(store.getUsableSpace(), store.getTotalSpace());
  }

  /**
   * Threads have numbers as processes do. There are no more of them than numbers, nor than the
   * kernel has memory for, whichever is less.
   */
  private Level pids() throws IOException {
    long most = Math.min(setting("pid_max"), setting("threads-max"));
    long running = number(THREADS, Files.readString(proc.resolve("loadavg")));
    return new Level(Math.max(0, most - running), most);
  }

  /** The kernel gives a setting in one read or not at all, so what reads by bytes gets a digit. */
  private long setting(String name) throws IOException {
    Path file = proc.resolve("sys/kernel").resolve(name);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return Long.parseLong(reader.readLine().strip());
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern);
    }
    return Long.parseLong(matcher.group(1));
  }
}
