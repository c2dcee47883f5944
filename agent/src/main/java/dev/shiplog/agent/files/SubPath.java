package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths in volumes. */
final class SubPath {

  private SubPath() {}

  /** A path in a volume; links in it that lead out of the volume are not followed. */
  static Path below(Path volume, String subPath) {
    Path relative = Path.of(subPath).normalize();
    if (relative.isAbsolute() || relative.startsWith("..")) {
      throw new PodConfigException("subPath \"" + subPath + "\" is not below its volume");
    }
    try {
      Path root = volume.toRealPath();
      Path path = root.resolve(relative);
      if (Files.notExists(path)) {
        requireBelow(root, nearestExisting(path), subPath);
        Files.createDirectories(path);
      }
      Path real = path.toRealPath();
      requireBelow(root, real, subPath);
      return real;
    } catch (IOException e) {
      throw new PodConfigException("failed to prepare subPath \"" + subPath + "\": " + e, e);
    }
  }

  private static Path nearestExisting(Path path) throws IOException {
    Path at = path;
    while (Files.notExists(at)) {
      at = at.getParent();
    }
    return at.toRealPath();
  }

  private static void requireBelow(Path root, Path real, String subPath) {
    if (!real.startsWith(root)) {
      throw new PodConfigException("subPath \"" + subPath + "\" is not below its volume");
    }
  }
}
