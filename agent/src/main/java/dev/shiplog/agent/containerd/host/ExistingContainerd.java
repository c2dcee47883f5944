package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A containerd that somebody else runs here and that could be used instead of one of our own. Its
 * network plug-ins and its sandbox image are then its owner's business.
 */
public final class ExistingContainerd {

  private static final List<Path> USUAL_SOCKETS =
      List.of(
          Path.of("/run/containerd/containerd.sock"),
          Path.of("/run/k3s/containerd/containerd.sock"));

  private ExistingContainerd() {}

  /** The first of the usual sockets behind which pods can be run. */
  public static Optional<Path> find() {
    return USUAL_SOCKETS.stream().filter(socket -> obstacle(socket).isEmpty()).findFirst();
  }

  /**
   * Why no pods can be run through a socket, as a sentence; empty if they can. A containerd that
   * came with Docker, for example, does not serve pods unless its configuration says so.
   */
  public static Optional<String> obstacle(Path socket) {
    if (!Files.exists(socket)) {
      return Optional.of("there is no socket " + socket + ".");
    }
    try (var runtime = ContainerdRuntime.on(socket, "")) {
      var _ = runtime.info();
      return Optional.empty();
    } catch (PodRuntimeException e) {
      return Optional.of("no pods can be run through " + socket + ": " + e.getMessage());
    }
  }
}
