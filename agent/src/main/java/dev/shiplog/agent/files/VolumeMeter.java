package dev.shiplog.agent.files;

import dev.shiplog.agent.runtime.FsStats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Measures volumes, of all pods at once. As the kubelet has it: what a directory of the node holds
 * is counted, for a file system of its own its own figures are taken, and a storage driver is
 * asked. Blocks; safe for use by many threads.
 */
final class VolumeMeter {

  /** How a volume is measured. */
  enum By {
    /** Its files are counted. */
    FILES,
    /** It is a file system of its own. */
    FILE_SYSTEM,
    /** Its driver tells. */
    DRIVER
  }

  /** A volume that can be measured. */
  record Measurable(String podUid, String volume, Optional<String> claim, Path path, By by) {}

  private final Function<Path, Optional<FsStats>> drivers;

  /**
   * A meter.
   *
   * @param drivers what the driver says that mounted a volume there, if it does
   */
  VolumeMeter(Function<Path, Optional<FsStats>> drivers) {
    this.drivers = drivers;
  }

  /** How full they are, by the pods' uids; those that are not there are left out. */
  Map<String, List<VolumeUse>> measure(List<Measurable> volumes) {
    Set<Path> local =
        volumes.stream()
            .filter(volume -> volume.by() != By.DRIVER && Files.isDirectory(volume.path()))
            .map(Measurable::path)
            .collect(Collectors.toSet());
    Map<Path, FsStats> systems = FileSystemStats.of(local);
    Map<String, List<VolumeUse>> byPod = new HashMap<>();
    for (Measurable volume : volumes) {
      stats(volume, systems)
          .ifPresent(stats ->
              byPod
                  .computeIfAbsent(volume.podUid(), _ -> new ArrayList<>())
                  .add(new VolumeUse(volume.volume(), volume.claim(), stats)));
    }
    return byPod;
  }

  private Optional<FsStats> stats(Measurable volume, Map<Path, FsStats> systems) {
    Optional<FsStats> system = Optional.ofNullable(systems.get(volume.path()));
    return switch (volume.by()) {
      case DRIVER -> drivers.apply(volume.path());
      case FILE_SYSTEM -> system;
      case FILES ->
          system.map(stats -> {
            DiskUse use = DiskUse.of(volume.path());
            return stats.of(use.bytes(), use.files());
          });
    };
  }
}
