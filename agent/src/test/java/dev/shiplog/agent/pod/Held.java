package dev.shiplog.agent.pod;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.containerd.RealContainerd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What kernel and runtime hold for the pods of a containerd of tests, to be counted before and
 * after.
 *
 * @param processes that hold containers
 * @param addresses that are given to sandboxes
 * @param rules of the packet filter that name an address of pods
 * @param directories of pods' files
 */
record Held(
    int pods,
    long processes,
    long mounts,
    long namespaces,
    long links,
    long addresses,
    long rules,
    long directories,
    List<Path> cgroups) {

  private static final String SUBNET = "10.199.7.";

  /**
   * Counts.
   *
   * @param containerd brought up in this directory
   * @param files of the node's pods
   */
  static Held of(RealContainerd containerd, Path directory, Path files) throws IOException {
    Path own = directory.resolve("containerd");
    return new Held(
        containerd.runtime.pods().size(),
        ProcessHandle.allProcesses().filter(process -> isShim(process, own)).count(),
        lines(Files.readString(Path.of("/proc/self/mountinfo")), directory.toString()),
        entries(own.resolve("state/io.containerd.grpc.v1.cri/netns"), _ -> true)
            + entries(Path.of("/run/netns"), name -> name.startsWith("cni-")),
        entries(Path.of("/sys/class/net"), name -> name.startsWith("veth")),
        entries(own.resolve("addresses/shiplog"), name -> name.startsWith(SUBNET)),
        lines(RealContainerd.output("nft", "list", "ruleset"), SUBNET),
        entries(files, _ -> true),
        cgroupsNow());
  }

  private static boolean isShim(ProcessHandle process, Path containerd) {
    String line = process.info().commandLine().orElse("");
    return line.contains("containerd-shim") && line.contains(containerd.toString());
  }

  private static long lines(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }

  /**
   * Those below the folder of pods, in each hierarchy. Only folders are cgroups: that of all pods,
   * which stays, has files of the kernel as well.
   */
  static List<Path> cgroupsNow() {
    Path hierarchies = Path.of("/sys/fs/cgroup");
    String parent = ContainerdRuntime.CGROUP_PARENT.substring(1);
    return Stream.concat(Stream.of(hierarchies), folders(hierarchies))
        .flatMap(hierarchy -> folders(hierarchy.resolve(parent)))
        .sorted()
        .toList();
  }

  private static Stream<Path> folders(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).toList().stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long entries(Path directory, Predicate<String> which) {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> which.test(path.getFileName().toString())).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
