package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What the machine holds for pods of a cluster: names, so that what is left over can be looked for.
 *
 * @param shims processes that hold pods' containers
 * @param mounts below the cluster's directory
 * @param namespaces of the network
 * @param links ends of pods' cables
 * @param rules lines of nftables that speak of pods or of services
 * @param cgroups of pods
 * @param files directories of pods, of their logs, and of volumes
 * @param addresses that are given to pods
 */
record MachineHoldings(
    TreeSet<String> shims,
    TreeSet<String> mounts,
    TreeSet<String> namespaces,
    TreeSet<String> links,
    TreeSet<String> rules,
    TreeSet<String> cgroups,
    TreeSet<String> files,
    TreeSet<String> addresses) {

  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final Duration COMMAND = Duration.ofSeconds(20);

  /** What there is now. */
  static MachineHoldings of(Path directory) {
    Path data = directory.resolve("data");
    return new MachineHoldings(
        set(Processes.all().filter(each -> each.isShimBelow(directory)).map(Processes::text)),
        set(
            lines(Path.of("/proc/self/mountinfo"))
                .filter(line -> line.contains(directory.toString()))
                .map(line -> line.split(" ")[4])),
        names(
            data.resolve("containerd/state/io.containerd.grpc.v1.cri/netns"),
            name -> name.startsWith("cni-")),
        names(Path.of("/sys/class/net"), name -> name.startsWith("veth")),
        ruleset(),
        set(
            tree(Path.of("/sys/fs/cgroup"), 3)
                .filter(path -> path.contains("/shiplog/") && !path.endsWith(".slice"))),
        directories(data),
        names(data.resolve("containerd/addresses"), _ -> true, 2));
  }

  /** Waits until the machine holds what it held. */
  static void awaitSame(Path directory, MachineHoldings before) {
    Awaitility.await("nothing is left")
        .atMost(BOUND)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(of(directory)).isEqualTo(before));
  }

  private static TreeSet<String> ruleset() {
    return set(
        Run.of(List.of("nft", "list", "ruleset"), Map.of(), COMMAND)
            .out()
            .lines()
            .map(String::strip)
            .filter(line -> line.contains("10.244.0.") || line.contains("10.96."))
            .map(line -> line.replaceAll("packets \\d+ bytes \\d+", "")));
  }

  private static TreeSet<String> directories(Path data) {
    TreeSet<String> found = new TreeSet<>();
    for (Path node : children(data.resolve("nodes")).toList()) {
      for (String kind : List.of("pods", "logs", "local-volumes")) {
        children(node.resolve(kind)).forEach(path -> found.add(path.toString()));
      }
    }
    return found;
  }

  private static TreeSet<String> names(Path directory, Predicate<String> which) {
    return set(children(directory).map(path -> path.getFileName().toString()).filter(which));
  }

  /** Files that are named after addresses. */
  private static TreeSet<String> names(Path directory, Predicate<String> which, int depth) {
    return set(
        tree(directory, depth)
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .filter(name -> name.matches("10\\.244\\.0\\.\\d+"))
            .filter(which));
  }

  private static Stream<String> tree(Path directory, int depth) {
    if (depth == 0) {
      return Stream.empty();
    }
    return children(directory)
        .flatMap(path ->
            Files.isDirectory(path)
                ? Stream.concat(Stream.of(path.toString()), tree(path, depth - 1))
                : path.startsWith("/sys") ? Stream.empty() : Stream.of(path.toString()));
  }

  private static Stream<Path> children(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList().stream();
    } catch (IOException goesAway) {
      return Stream.empty();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TreeSet<String> set(Stream<String> all) {
    TreeSet<String> set = new TreeSet<>();
    all.forEach(set::add);
    return set;
  }
}
