package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** File systems mounted below pods' directories, by the host's mount and umount. */
public final class Mounts {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;
  private static final long COMMAND_SECONDS = 30;

  private Mounts() {}

  /** Whether this process may mount: whoever runs containers is root. */
  static boolean arePossible() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Mounts a memory file system on the directory, unless one is there. */
  static void tmpfs(Path directory, OptionalLong sizeBytes) throws IOException {
    if (isPoint(directory)) {
      return;
    }
    String options =
        sizeBytes.isPresent() ? "mode=0777,size=" + sizeBytes.getAsLong() : "mode=0777";
    run(List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()));
  }

  /**
   * Unmounts everything at or below the directory, the deepest first.
   *
   * @throws PodConfigException if something is not unmounted
   */
  public static void unmountBelow(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    for (Path point : below(directory)) {
      run(List.of("umount", point.toString()));
    }
  }

  /** Unmounts the memory file systems at or below the directory; what they held is gone. */
  static void unmountMemoryBelow(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    for (Path point : below(directory, line -> line.contains(" - tmpfs "))) {
      run(List.of("umount", point.toString()));
    }
  }

  /** Whether something is mounted right there. */
  public static boolean isPoint(Path path) throws IOException {
    return below(path).contains(path.toRealPath());
  }

  private static List<Path> below(Path directory) throws IOException {
    return below(directory, _ -> true);
  }

  private static List<Path> below(Path directory, Predicate<String> which) throws IOException {
    Path real = directory.toRealPath();
    try (Stream<String> lines = Files.lines(TABLE)) {
      return lines
          .filter(which)
          .map(line -> Path.of(unescaped(line.split(" ")[MOUNT_POINT])))
          .filter(point -> point.startsWith(real))
          .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
          .toList();
    }
  }

  /** The kernel writes blanks and their like as octal escapes. */
  private static String unescaped(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new PodConfigException(String.join(" ", command) + " did not end in time");
      }
      if (process.exitValue() != 0) {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        throw new PodConfigException(String.join(" ", command) + " failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new PodConfigException("interrupted while mounting", e);
    }
  }
}
