package dev.shiplog.agent.usage;

import dev.shiplog.agent.files.FileSystemStats;
import dev.shiplog.agent.runtime.FsStats;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.time.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How full the file systems are that a node's pods and images lie in. Looked at when asked, but not
 * again for some seconds. Safe for use by many threads; guarded by this.
 */
public final class NodeDisks {

  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Path data;
  private final Optional<Path> images;
  private final Timers timers;
  private Figures last = Figures.NONE;
  private Instant lookedAt = Instant.MIN;

  /**
   * Figures of one time.
   *
   * @param at when they were taken
   * @param node where pods' files lie; empty if it cannot be told
   * @param images where images and layers lie; empty if that is nowhere
   */
  public record Figures(Instant at, Optional<FsStats> node, Optional<FsStats> images) {

    /** Of a node without disks. */
    public static final Figures NONE =
        new Figures(Instant.EPOCH, Optional.empty(), Optional.empty());
  }

  /**
   * The disks of this machine.
   *
   * @param data where the agent keeps what belongs to pods
   * @param runtime says where it keeps images
   */
  public NodeDisks(Path data, PodRuntime runtime, Timers timers) {
    this.data = data;
    this.images = runtime.storageDirectory();
    this.timers = timers;
  }

  /** The figures now. Blocks for a moment. */
  public synchronized Figures read() {
    Instant now = timers.steady();
    if (lookedAt.equals(Instant.MIN) || !now.isBefore(lookedAt.plus(FRESH))) {
      lookedAt = now;
      Map<Path, FsStats> stats =
          FileSystemStats.of(
              Stream.concat(Stream.of(data), images.stream()).collect(Collectors.toSet()));
      last =
          new Figures(
              timers.instant(), Optional.ofNullable(stats.get(data)), images.map(stats::get));
    }
    return last;
  }
}
