package dev.shiplog.agent.testing;

import dev.shiplog.agent.host.HostCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Volumes that last and are mounted, as real drivers' are: directories of a store, and loop devices
 * over files in it. Needs root.
 */
final class MountedVolumes implements DriverVolumes {

  private static final Duration COMMAND = Duration.ofSeconds(10);
  private static final long DEVICE_BYTES = 4 << 20;

  private final Path store;

  /** By target, for those that are devices. */
  private final Map<Path, String> loops = new ConcurrentHashMap<>();

  MountedVolumes(Path store) {
    this.store = store;
  }

  @Override
  public void put(Path target, String volume, boolean device) {
    try {
      if (device) {
        putDevice(target, volume);
      } else {
        Files.createDirectories(target);
        bind(Files.createDirectories(store.resolve(volume)).toString(), target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void putDevice(Path target, String volume) throws IOException {
    Path file = store.resolve(volume + ".img");
    Files.createDirectories(store);
    try (var image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(DEVICE_BYTES);
    }
    String loop = run("losetup", "--find", "--show", file.toString());
    loops.put(target, loop);
    if (Files.notExists(target)) {
      Files.createFile(target);
    }
    bind(loop, target);
  }

  @Override
  public void take(Path target) {
    try {
      if (Files.exists(target)) {
        run("umount", target.toString());
        Files.delete(target);
      }
      String loop = loops.remove(target);
      if (loop != null) {
        run("losetup", "--detach", loop);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bind(String what, Path target) {
    run("mount", "--bind", what, target.toString());
  }

  private static String run(String... command) {
    HostCommand.Result result = HostCommand.run(COMMAND, List.of(command));
    if (!result.succeeded()) {
      throw new IllegalStateException(String.join(" ", command) + ": " + result.lastWords());
    }
    return result.output().strip();
  }
}
