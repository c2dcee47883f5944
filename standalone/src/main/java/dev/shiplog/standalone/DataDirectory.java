package dev.shiplog.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Where one cluster keeps everything it has. At most one process uses it at a time: the one that
 * holds the lock on {@code shiplog.pid}, which the kernel gives back however that process ends.
 */
public record DataDirectory(Path path) {

  public Path kafka() {
    return path.resolve("kafka");
  }

  public Path pki() {
    return path.resolve("pki");
  }

  public Path kubeconfig() {
    return path.resolve("kubeconfig");
  }

  public Path adminToken() {
    return path.resolve("admin.token");
  }

  /** Tokens as the API server reads them: token, user, uid, groups. */
  public Path tokenFile() {
    return pki().resolve("tokens.csv");
  }

  public Path containerd() {
    return path.resolve("containerd");
  }

  public Path log() {
    return path.resolve("shiplog.log");
  }

  public Path node(String name) {
    return path.resolve("nodes").resolve(name);
  }

  /** Where files tell of pods that the node runs by itself. */
  public Path staticPods() {
    return path.resolve("static-pods");
  }

  private Path stopFile() {
    return path.resolve("pods-have-seconds");
  }

  /** Notes how long pods have when the process that has the directory is told to stop. */
  void notePodsHave(Duration time) {
    try {
      Files.writeString(stopFile(), time.toSeconds() + "\n");
    } catch (IOException e) {
      throw new StartFailure("cannot write " + stopFile() + ": " + StartFailure.describe(e));
    }
  }

  /** How long that is; zero where nobody noted it. */
  public Duration podsHave() {
    try {
      return Duration.ofSeconds(Long.parseLong(Files.readString(stopFile()).strip()));
    } catch (IOException | NumberFormatException e) {
      return Duration.ZERO;
    }
  }

  private Path pidFile() {
    return path.resolve("shiplog.pid");
  }

  /**
   * Makes the directory if it is missing, and takes it for this process.
   *
   * @return keep it open for as long as the directory is used
   * @throws StartFailure if another process has it, or it cannot be written
   */
  public AutoCloseable take() {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(pidFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StartFailure(
            "the data directory "
                + path
                + " is in use"
                + runningPid().map(pid -> " by the Shiplog with process id " + pid).orElse("")
                + "; stop it with './shiplog down --data-dir "
                + path
                + "' or choose another --data-dir");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException e) {
      throw new StartFailure(
          "cannot use the data directory " + path + ": " + StartFailure.describe(e));
    }
  }

  /** The process that has the directory now, if one has. */
  public Optional<Long> runningPid() {
    if (!Files.exists(pidFile())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(pidFile(), StandardOpenOption.WRITE)) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return Optional.empty();
      }
      String text = Files.readString(pidFile()).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
