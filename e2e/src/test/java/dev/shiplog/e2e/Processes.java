package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process of the machine, as /proc shows it.
 *
 * @param pid its id
 * @param name of its program
 * @param text its command line
 * @param cgroup the lines that say in which it is
 */
record Processes(long pid, String name, String text, String cgroup) {

  /** Those there are; one that ends meanwhile may be left out. */
  static Stream<Processes> all() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).flatMap(Processes::read);
  }

  private static Stream<Processes> read(long pid) {
    Path proc = Path.of("/proc", Long.toString(pid));
    try {
      return Stream.of(
          new Processes(
              pid,
              Files.readString(proc.resolve("comm")).strip(),
              Files.readString(proc.resolve("cmdline")).replace('\0', ' ').strip(),
              Files.readString(proc.resolve("cgroup"))));
    } catch (IOException ended) {
      return Stream.empty();
    }
  }

  /** Whether it holds a pod of the containerd whose things lie below the directory. */
  boolean isShimBelow(Path directory) {
    return name.startsWith("containerd-shim") && text.contains(directory.toString());
  }

  /** Whether it is that containerd itself. */
  boolean isContainerdBelow(Path directory) {
    return name.equals("containerd") && text.contains(directory.toString());
  }

  /** Whether it runs in a container that the containerd below the directory started. */
  boolean isInPodBelow(Path directory) {
    return cgroup.contains("/shiplog/")
        && !name.startsWith("containerd-shim")
        && ancestors().anyMatch(each -> each.isShimBelow(directory));
  }

  private Stream<Processes> ancestors() {
    return Stream.iterate(parent(pid), Optional::isPresent, each -> parent(each.get()))
        .flatMap(each -> read(each.get()));
  }

  private static Optional<Long> parent(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid);
  }

  void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
