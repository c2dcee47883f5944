package dev.shiplog.agent.containerd;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Cgroups that stay when sandboxes and containers are gone: a runc that was killed while it made
 * them notes nothing of those it had made, so that nobody removes them with the container. Any
 * thread.
 */
public final class EmptyCgroups {

  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");

  private EmptyCgroups() {}

  /** Removes those of sandboxes and containers that are removed; never one with processes in it. */
  public static void removeOf(Collection<String> ids) {
    removeBelow(HIERARCHIES, ids);
    try (DirectoryStream<Path> each = Files.newDirectoryStream(HIERARCHIES, Files::isDirectory)) {
      each.forEach(hierarchy -> removeBelow(hierarchy, ids));
    } catch (IOException notMounted) {
      // Then there is nothing to remove.
    }
  }

  private static void removeBelow(Path hierarchy, Collection<String> ids) {
    Path parent = hierarchy.resolve(ContainerdRuntime.CGROUP_PARENT.substring(1));
    for (String id : ids) {
      try {
        Files.deleteIfExists(parent.resolve(id));
      } catch (IOException inUse) {
        // The kernel keeps what is not empty.
      }
    }
  }
}
