package dev.shiplog.agent.csi;

import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What has to be known to undo what a driver was asked to do, by an agent that comes later too. It
 * is on the disk before the driver is asked.
 *
 * @param driver name of the driver
 * @param handle what the driver calls the volume
 * @param specName what Kubernetes calls it
 * @param attached whether the volume has to be attached to a node that uses it
 */
record VolumeRecord(String driver, String handle, String specName, boolean attached) {

  private static final String FILE = "vol_data.json";

  static VolumeRecord of(CsiVolume volume, boolean attached) {
    return new VolumeRecord(volume.driver(), volume.handle(), volume.specName(), attached);
  }

  /** One volume of a node is under one key. */
  String key() {
    return key(driver, handle);
  }

  static String key(String driver, String handle) {
    return "kubernetes.io/csi/" + driver + "^" + handle;
  }

  /** Writes it into the directory, whole or not at all. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path next = directory.resolve(FILE + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(this));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The directory's record; empty where nothing was asked of a driver yet. */
  static Optional<VolumeRecord> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(Json.read(Files.readAllBytes(file), VolumeRecord.class))
        : Optional.empty();
  }

  /** Takes the record and its directory away; what a driver left there is never deleted. */
  static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE + ".next"));
    Files.deleteIfExists(directory.resolve(FILE));
    Files.deleteIfExists(directory);
  }
}
