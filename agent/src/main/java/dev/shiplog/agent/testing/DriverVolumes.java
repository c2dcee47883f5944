package dev.shiplog.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a driver's volumes are. Called by many threads, by one at a time about one target. */
public interface DriverVolumes {

  /** Directories with a file that tells which volume it is; as devices, that file alone. */
  DriverVolumes FILES = new PlainFiles();

  /**
   * Makes the volume be there.
   *
   * @param target what is to be the volume; its parent is there
   * @param device whether it is to be a device rather than a directory
   */
  void put(Path target, String volume, boolean device);

  /** Takes it away; what was never there is no error. */
  void take(Path target);

  /** Needs no rights. */
  final class PlainFiles implements DriverVolumes {

    private PlainFiles() {}

    @Override
    public void put(Path target, String volume, boolean device) {
      try {
        if (device) {
          Files.writeString(target, volume);
        } else {
          Files.createDirectories(target);
          Files.writeString(target.resolve("volume"), volume);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void take(Path target) {
      try {
        Files.deleteIfExists(Files.isRegularFile(target) ? target : target.resolve("volume"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
