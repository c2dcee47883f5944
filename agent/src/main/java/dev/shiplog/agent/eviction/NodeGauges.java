package dev.shiplog.agent.eviction;

import dev.shiplog.agent.files.FileSystemStats;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Measures the node. Used by one thread; may block for a moment. */
public interface NodeGauges {

  /** The levels of what could be measured. */
  Map<Signal, Level> read();

  /**
   * The gauges of this machine.
   *
   * @param data where the agent keeps what belongs to pods
   * @param images where the runtime keeps images, if that is known
   */
  static NodeGauges ofThisHost(Path data, Optional<Path> images) {
    return new HostGauges(Path.of("/proc"), data, images, FileSystemStats::of);
  }
}
