package dev.shiplog.agent.containerd.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Where a containerd of our own keeps its things. All of it lies in one directory, except that the
 * socket moves to /run where its path would be too long for a socket's address.
 *
 * @param directory absolute, for this containerd alone
 */
public record ContainerdLayout(Path directory) {

  /** The kernel takes 107 bytes, and containerd makes a second one with {@code .ttrpc} behind. */
  private static final int MAX_SOCKET_PATH = 107 - ".ttrpc".length();

  public ContainerdLayout {
    directory = directory.toAbsolutePath().normalize();
  }

  public Path socket() {
    Path inside = directory.resolve("containerd.sock");
    if (inside.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH) {
      return inside;
    }
    var hash = new CRC32();
    hash.update(directory.toString().getBytes(StandardCharsets.UTF_8));
    return Path.of("/run/shiplog", Long.toHexString(hash.getValue()), "containerd.sock");
  }

  Path configuration() {
    return directory.resolve("config.toml");
  }

  Path log() {
    return directory.resolve("containerd.log");
  }

  Path pid() {
    return directory.resolve("containerd.pid");
  }

  Path root() {
    return directory.resolve("root");
  }

  Path state() {
    return directory.resolve("state");
  }

  /** Where containerd mounts network namespaces of sandboxes. */
  Path networkNamespaces() {
    return state().resolve("io.containerd.grpc.v1.cri").resolve("netns");
  }

  Path optional() {
    return directory.resolve("opt");
  }

  Path networkDirectory() {
    return directory.resolve("cni");
  }

  Path addressDirectory() {
    return directory.resolve("addresses");
  }
}
