package dev.shiplog.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The broker's directory, held for as long as this is open. Kafka takes a lock of its own, but only
 * after it has read and perhaps formatted the directory; this one comes before anything is touched.
 */
final class DataDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "broker.lock";

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes the directory if it is missing, and takes it.
   *
   * @throws BrokerFailure if another broker has it, or it cannot be written
   */
  static DataDirectory take(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel file =
          FileChannel.open(
              path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new DataDirectory(path, file, lock(path, file));
    } catch (IOException e) {
      throw new BrokerFailure("cannot write to the data directory " + path + ": " + e, e);
    }
  }

  /** Prepares the directory for a first start; does nothing where that has been done. */
  void formatIfNew(int nodeId, String controllerListener) {
    if (Files.exists(path.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    // Kafka writes meta.properties last, so a start that was killed half-way formats again.
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(nodeId)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(path.toString())
          .setMetadataLogDirectory(path.toString())
          .setControllerListenerName(controllerListener)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) {
      throw new BrokerFailure("cannot prepare the data directory " + path + ": " + e, e);
    }
  }

  @Override
  public void close() throws IOException {
    try (lockFile) {
      lock.release();
    }
  }

  private static FileLock lock(Path path, FileChannel file) throws IOException {
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same answer.
    }
    if (lock == null) {
      file.close();
      throw new BrokerFailure(
          "the data directory " + path + " is in use by another broker: stop that one first", null);
    }
    return lock;
  }
}
