package dev.shiplog.agent.containerd.image;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.Poll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Brings images from archives into a containerd, for pods to use.
 *
 * @param ctr containerd's command line client, which comes with it
 * @param socket where that containerd listens
 */
public record ImageImporter(Path ctr, Path socket) {

  private static final Duration IMPORT = Duration.ofMinutes(5);
  private static final Duration NOTICED = Duration.ofSeconds(10);

  /**
   * Imports every image of an archive and returns when pods can use them.
   *
   * @param tar as {@code docker save} or {@link DockerArchive} writes it, or an OCI archive
   * @return the images' full names, as far as they have some
   * @throws IOException if there is no such file, or it is no such archive
   */
  public List<String> importArchive(Path tar) throws IOException {
    List<String> names = ImageArchive.names(tar);
    HostCommand.Result result =
        HostCommand.run(
            IMPORT,
            List.of(
                ctr.toString(),
                "--address",
                socket.toString(),
                "--namespace",
                "k8s.io",
                "images",
                "import",
                tar.toString()));
    if (!result.succeeded()) {
      throw new IOException("cannot import " + tar + ": " + result.lastWords());
    }
    awaitNoticed(names);
    return names;
  }

  /** The part of containerd that serves pods learns of new images a moment later. */
  private void awaitNoticed(List<String> names) throws IOException {
    try (var runtime = ContainerdRuntime.on(socket, "")) {
      if (!Poll.until(
          NOTICED, () -> names.stream().allMatch(name -> runtime.image(name).isPresent()))) {
        throw new IOException("imported " + names + ", but containerd's CRI does not see it");
      }
    }
  }
}
