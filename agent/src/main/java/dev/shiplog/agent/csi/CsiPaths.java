package dev.shiplog.agent.csi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where drivers' volumes lie below a node's data directory. It is the kubelet's own layout: there
 * are drivers that read from a path which pod it is for.
 */
record CsiPaths(Path data) {

  private static final String OF_DRIVERS = "kubernetes.io~csi";

  /** Holds the pod's part of a volume, and its record. */
  Path podVolume(String podUid, String specName) {
    return podVolumes(podUid).resolve(specName);
  }

  Path podVolumes(String podUid) {
    return data.resolve("pods").resolve(podUid).resolve("volumes").resolve(OF_DRIVERS);
  }

  /** Where the driver mounts a volume for a pod. */
  static Path target(Path podVolume) {
    return podVolume.resolve("mount");
  }

  static boolean isTarget(Path path) {
    Path volume = path.getParent();
    return volume != null && volume.getParent() != null && volume.getParent().endsWith(OF_DRIVERS);
  }

  /** Holds the node's part of a volume, and its record. */
  Path staging(String driver, String handle) {
    return stagings().resolve(driver).resolve(Names.sha256(handle));
  }

  private Path stagings() {
    return data.resolve("plugins").resolve("kubernetes.io").resolve("csi");
  }

  /** Where the driver mounts a volume for all pods of the node. */
  static Path globalMount(Path staging) {
    return staging.resolve("globalmount");
  }

  /** Sockets by which drivers make themselves known. */
  Path registry() {
    return data.resolve("plugins_registry");
  }

  /** Where drivers keep their own sockets. */
  Path plugins() {
    return data.resolve("plugins");
  }

  List<String> podUids() throws IOException {
    return children(data.resolve("pods")).stream()
        .map(pod -> pod.getFileName().toString())
        .toList();
  }

  /** The pod's volumes of drivers. */
  List<Path> volumesOf(String podUid) throws IOException {
    return children(podVolumes(podUid));
  }

  /** Everything that was staged. */
  List<Path> allStaged() throws IOException {
    List<Path> staged = new ArrayList<>();
    for (Path driver : children(stagings())) {
      staged.addAll(children(driver));
    }
    return staged;
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    }
  }
}
