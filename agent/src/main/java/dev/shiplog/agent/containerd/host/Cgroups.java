package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.containerd.EmptyCgroups;
import dev.shiplog.agent.host.Poll;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The folders of cgroups that pods lie below; containers take only their own away. */
final class Cgroups {

  private static final Duration END = Duration.ofSeconds(5);
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

  /** Ends the processes of a sandbox or container whose shim is gone. */
  static void kill(String id) {
    of(id)
        .flatMap(cgroup -> processes(cgroup).stream())
        .distinct()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** Removes those of a sandbox or container, once its processes are gone. */
  static void remove(String id) {
    Poll.until(END, () -> of(id).allMatch(cgroup -> processes(cgroup).isEmpty()));
    EmptyCgroups.removeOf(List.of(id));
  }

  private static Stream<Path> of(String id) {
    Path below = Path.of(ContainerdRuntime.CGROUP_PARENT.substring(1), id);
    return Stream.concat(Stream.of(HIERARCHIES), Remains.entries(HIERARCHIES))
        .map(hierarchy -> hierarchy.resolve(below))
        .filter(Files::isDirectory);
  }

  private static List<Long> processes(Path cgroup) {
    try {
      return Files.readAllLines(cgroup.resolve("cgroup.procs")).stream()
          .map(String::strip)
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      return List.of();
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
