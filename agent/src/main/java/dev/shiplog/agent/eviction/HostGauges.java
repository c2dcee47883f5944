package dev.shiplog.agent.eviction;

import dev.shiplog.agent.runtime.FsStats;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The gauges of a Linux machine. What cannot be read is left out. */
record HostGauges(Path proc, Path data, Optional<Path> images, FileSystems systems)
    implements NodeGauges {

  private static final Logger LOG = Logger.getLogger(HostGauges.class);
  private static final long KIB = 1024;
  private static final Pattern MEMORY_TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
  private static final Pattern MEMORY_AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("\\d+/(\\d+)");

  /** Tells how full the file systems are that paths lie in, for those for which it can. */
  @FunctionalInterface
  interface FileSystems {
    Map<Path, FsStats> of(Set<Path> paths);
  }

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
    putFiles(levels);
    return levels;
  }

  private void putFiles(Map<Signal, Level> levels) {
    Map<Path, FsStats> stats =
        systems.of(Stream.concat(Stream.of(data), images.stream()).collect(Collectors.toSet()));
    files(stats.get(data)).ifPresent(level -> levels.put(Signal.NODE_FILES, level));
    images
        .flatMap(path -> files(stats.get(path)))
        .ifPresent(level -> levels.put(Signal.IMAGE_FILES, level));
  }

  /** Some file systems make inodes as they need them and say that they have none: never short. */
  private static Optional<Level> files(FsStats stats) {
    return Optional.ofNullable(stats)
        .filter(each -> each.inodes() > 0)
        .map(each -> new Level(each.inodesFree(), each.inodes()));
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
