package dev.shiplog.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a pod's files lie: {@code pods/<uid>/volumes/<name>}, {@code pods/<uid>/host-paths/<name>},
 * {@code pods/<uid>/containers/<name>}, {@code pods/<uid>/etc-hosts}, and logs in {@code
 * <logs>/<namespace>_<name>_<uid>}.
 */
record PodDirectories(Path data, Path logs) {

  /** Below a node's data directory, where the files of all its pods lie. */
  static Path pods(Path data) {
    return data.resolve("pods");
  }

  Path pod(String uid) {
    return pods(data).resolve(uid);
  }

  Path volumes(String uid) {
    return pod(uid).resolve("volumes");
  }

  Path volume(String uid, String name) {
    return volumes(uid).resolve(name);
  }

  /** An entry for each volume whose claim led to a path of the host. */
  Path hostPaths(String uid) {
    return pod(uid).resolve("host-paths");
  }

  Path hosts(String uid) {
    return pod(uid).resolve("etc-hosts");
  }

  Path terminationLog(String uid, String container, int attempt) {
    return pod(uid).resolve("containers").resolve(container).resolve(attempt + ".termination");
  }

  Path logs(String namespace, String name, String uid) {
    return logs.resolve(namespace + "_" + name + "_" + uid);
  }

  /** The log directories of a pod of which only the uid is known. */
  Set<Path> logsOf(String uid) throws IOException {
    return children(logs).stream()
        .filter(path -> path.getFileName().toString().endsWith("_" + uid))
        .collect(Collectors.toSet());
  }

  Set<String> uids() throws IOException {
    Stream<String> withFiles =
        children(pods(data)).stream().map(path -> path.getFileName().toString());
    Stream<String> withLogs =
        children(logs).stream()
            .map(path -> path.getFileName().toString())
            .map(name -> name.substring(name.lastIndexOf('_') + 1));
    return Stream.concat(withFiles, withLogs).collect(Collectors.toSet());
  }

  private static Set<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.collect(Collectors.toSet());
    }
  }
}
