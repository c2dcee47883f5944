package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.containerd.image.Architecture;
import dev.shiplog.agent.containerd.image.ImageImporter;
import dev.shiplog.agent.containerd.image.PauseImage;
import dev.shiplog.agent.host.HostCommandException;
import dev.shiplog.agent.host.ProgramPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A containerd of our own with everything around it: programs, process, pod network, the sandbox's
 * image, and the runtime on it. There are three ways to part from it: {@link #close} leaves the
 * pods running, for an agent that comes back; {@link #shutDown} stops them as a machine that is
 * switched off does; {@link #removePods} forgets them. One that outlived its agent is ended by
 * going {@link #up} and then shutting down.
 */
public final class ContainerdHost implements AutoCloseable {

  private final Programs programs;
  private final PodNetwork network;
  private final ContainerdProcess process;
  private final ContainerdRuntime runtime;
  private final ImageImporter images;

  private ContainerdHost(
      Programs programs,
      PodNetwork network,
      ContainerdProcess process,
      ContainerdRuntime runtime,
      ImageImporter images) {
    this.programs = programs;
    this.network = network;
    this.process = process;
    this.runtime = runtime;
    this.images = images;
  }

  /**
   * What to bring up.
   *
   * @param directory for this containerd alone; made where it is missing
   * @param owner see {@link ContainerdRuntime#on}
   * @param network addresses of its pods
   * @param mayInstall whether missing programs may be installed
   */
  public record Options(Path directory, String owner, PodNetwork network, boolean mayInstall) {}

  /**
   * Brings it up, or goes on with the one that still runs and with its pods.
   *
   * @throws ContainerdException if that is not possible; nothing new runs then
   */
  public static ContainerdHost up(Options options, ContainerdInstall install) {
    Programs programs = install.findOrInstall(options.mayInstall());
    var layout = new ContainerdLayout(options.directory());
    try {
      write(layout, options.network());
      String settings =
          ContainerdSettings.text(
              layout, programs, ContainerdSettings.snapshotterFor(layout.directory()));
      return up(options, layout, programs, settings);
    } catch (IOException | HostCommandException e) {
      throw new ContainerdException("cannot run containers: " + e.getMessage(), e);
    }
  }

  private static ContainerdHost up(
      Options options, ContainerdLayout layout, Programs programs, String settings)
      throws IOException {
    var images = new ImageImporter(programs.ctr(), layout.socket());
    ContainerdProcess process = ContainerdProcess.start(layout, programs, settings);
    ContainerdRuntime runtime = ContainerdRuntime.on(layout.socket(), options.owner());
    try {
      options.network().setUp(programs);
      importPauseImage(layout, runtime, images);
      return new ContainerdHost(programs, options.network(), process, runtime, images);
    } catch (IOException | RuntimeException e) {
      runtime.close();
      process.stop();
      throw e;
    }
  }

  /** Whether a containerd in this directory runs, for example one that outlived its agent. */
  public static boolean isRunning(Path directory) {
    return ContainerdProcess.find(new ContainerdLayout(directory)).isPresent();
  }

  /** Where the containerd in this directory listens, whether it runs or not. */
  public static Path socket(Path directory) {
    return new ContainerdLayout(directory).socket();
  }

  /**
   * For bringing images into the containerd of a directory from another process.
   *
   * @throws ContainerdException if it does not run
   */
  public static ImageImporter images(Path directory) {
    if (!isRunning(directory)) {
      throw new ContainerdException("no containerd runs in " + directory + "; start it first.");
    }
    Path ctr =
        ProgramPath.ofThisHost()
            .find("ctr")
            .orElseThrow(
                () -> new ContainerdException("ctr, which comes with containerd, is gone."));
    return new ImageImporter(ctr, socket(directory));
  }

  private static void write(ContainerdLayout layout, PodNetwork network) throws IOException {
    Files.createDirectories(layout.networkDirectory());
    Files.createDirectories(layout.addressDirectory());
    Files.writeString(
        layout.networkDirectory().resolve(PodNetwork.FILE),
        network.configuration(layout.addressDirectory()));
  }

  private static void importPauseImage(
      ContainerdLayout layout, ContainerdRuntime runtime, ImageImporter images) throws IOException {
    if (runtime.image(PauseImage.REFERENCE).isPresent()) {
      return;
    }
    Path tar = layout.directory().resolve("pause.tar");
    PauseImage.write(Architecture.ofThisHost(), tar);
    var _ = images.importArchive(tar);
    Files.delete(tar);
  }

  /** Its pods; open as long as this is. */
  public ContainerdRuntime runtime() {
    return runtime;
  }

  public ImageImporter images() {
    return images;
  }

  public Programs programs() {
    return programs;
  }

  /**
   * Stops the pods and containerd, and takes the pods' network down. No process, mount, link or
   * packet filter rule of it remains; images, logs and exit codes do, and the next {@link #up}
   * finds the pods stopped.
   *
   * @param grace see {@link ContainerdRuntime#stopPods}
   * @throws dev.shiplog.agent.runtime.PodRuntimeException if a pod could not be stopped; the rest
   *     is done all the same
   */
  public void shutDown(Duration grace) {
    try {
      runtime.stopPods(grace);
    } finally {
      close();
      process.stop();
      network.tearDown(programs);
      Cgroups.removeEmpty();
    }
  }

  /** Kills and forgets every pod; images remain. */
  public void removePods() {
    runtime.removePods();
  }

  /** Lets go of it: containerd and the pods go on running. */
  @Override
  public void close() {
    process.close();
    runtime.close();
  }
}
