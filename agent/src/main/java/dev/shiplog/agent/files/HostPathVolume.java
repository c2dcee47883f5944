package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A path of the host, checked against the type that the pod expects there. */
final class HostPathVolume {

  private static final int TYPE_MASK = 0170000;
  private static final int SOCKET = 0140000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int CHAR_DEVICE = 0020000;

  private static final int NEW_DIRECTORY_MODE = 0755;
  private static final int NEW_FILE_MODE = 0644;

  private HostPathVolume() {}

  static Path prepare(HostPathVolumeSource source) throws IOException {
    Path path = Path.of(source.getPath());
    String type = source.getType() == null ? "" : source.getType();
    switch (type) {
      case "" -> makeDirectoryIfNothingIsThere(path);
      case "DirectoryOrCreate" -> {
        makeDirectoryIfNothingIsThere(path);
        require(Files.isDirectory(path), path, "directory");
      }
      case "Directory" -> require(Files.isDirectory(path), path, "directory");
      case "FileOrCreate" -> {
        if (Files.notExists(path)) {
          Permissions.set(Files.createFile(path), NEW_FILE_MODE);
        }
        require(Files.isRegularFile(path), path, "file");
      }
      case "File" -> require(Files.isRegularFile(path), path, "file");
      case "Socket" -> require(is(path, SOCKET), path, "socket");
      case "CharDevice" -> require(is(path, CHAR_DEVICE), path, "character device");
      case "BlockDevice" -> require(is(path, BLOCK_DEVICE), path, "block device");
      default -> throw new PodConfigException("unknown hostPath type " + type);
    }
    return path;
  }

  /** Without a type the path may be anything; runtimes need it to be there. */
  private static void makeDirectoryIfNothingIsThere(Path path) throws IOException {
    if (Files.notExists(path)) {
      Permissions.set(Files.createDirectories(path), NEW_DIRECTORY_MODE);
    }
  }

  static boolean isBlockDevice(Path path) throws IOException {
    return is(path, BLOCK_DEVICE);
  }

  private static boolean is(Path path, int type) throws IOException {
    return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & TYPE_MASK) == type;
  }

  private static void require(boolean satisfied, Path path, String what) {
    if (!satisfied) {
      throw new PodConfigException("hostPath type check failed: " + path + " is not a " + what);
    }
  }
}
