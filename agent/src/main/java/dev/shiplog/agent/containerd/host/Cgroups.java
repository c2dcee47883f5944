package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders of cgroups that pods lie below; containers take only their own away. */
final class Cgroups {

  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");

  private Cgroups() {}

  /** Removes the folder in each hierarchy, where no container is left in it. */
  static void removeEmpty() {
    String name = ContainerdRuntime.CGROUP_PARENT.substring(1);
    remove(HIERARCHIES.resolve(name));
    try (DirectoryStream<Path> each =
        Files.newDirectoryStream(HIERARCHIES, it -> Files.isDirectory(it.resolve(name)))) {
      each.forEach(hierarchy -> remove(hierarchy.resolve(name)));
    } catch (IOException e) {
      // Not mounted here: then there is nothing to remove.
    }
  }

  private static void remove(Path cgroup) {
    try {
      Files.deleteIfExists(cgroup);
    } catch (IOException e) {
      // Another node's containers are in it.
    }
  }
}
