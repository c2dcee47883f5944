package dev.shiplog.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replaces all files of a volume at once: a container sees either the old ones or the new ones,
 * never a mixture, and a file it holds open stays whole.
 *
 * <p>The files lie in a directory of their own; {@code ..data} is a link to it, and every name that
 * a container sees is a link through {@code ..data}. Turning that one link is the update.
 */
final class AtomicWriter {

  private static final String DATA = "..data";
  private static final String DATA_NEXT = "..data_tmp";
  private static final String VERSION_PREFIX = "..v";

  private final Path volume;

  /** The volume's directory exists. */
  AtomicWriter(Path volume) {
    this.volume = volume;
  }

  /** Whether one has written into the directory before. */
  static boolean hasWritten(Path volume) {
    return Files.isSymbolicLink(volume.resolve(DATA));
  }

  /**
   * A file's contents.
   *
   * @param mode permission bits
   */
  @SuppressWarnings("ArrayRecordComponent") // never changed, compared by hand
  record Content(byte[] bytes, int mode) {}

  /** Makes files accessible before anyone sees them. */
  @FunctionalInterface
  interface Finish {
    void apply(Path directory) throws IOException;
  }

  /**
   * Makes the volume hold these files and no others; does nothing if it does.
   *
   * @param files by path relative to the volume; none starts with {@code ..}
   */
  void write(Map<String, Content> files, Finish finish) throws IOException {
    Path before = current();
    if (before != null && holds(before, files)) {
      link(files.keySet());
      return;
    }
    Path next = Files.createTempDirectory(volume, VERSION_PREFIX);
    try {
      fill(next, files, finish);
      turn(next);
    } catch (IOException e) {
      // Tried again and again on a full disk, it would take what becomes free there.
      FileTrees.delete(next);
      throw e;
    }
    link(files.keySet());
    removeOthers(next);
  }

  private static void fill(Path next, Map<String, Content> files, Finish finish)
      throws IOException {
    Permissions.set(next, 0755);
    for (Map.Entry<String, Content> file : files.entrySet()) {
      writeFile(next.resolve(file.getKey()), file.getValue());
    }
    finish.apply(next);
  }

  /** The directory in use, or null. */
  private Path current() throws IOException {
    Path data = volume.resolve(DATA);
    return Files.isSymbolicLink(data) && Files.isDirectory(data)
        ? volume.resolve(Files.readSymbolicLink(data))
        : null;
  }

  private static boolean holds(Path directory, Map<String, Content> files) throws IOException {
    Set<String> there;
    try (Stream<Path> paths = Files.walk(directory)) {
      there =
          paths
              .filter(Files::isRegularFile)
              .map(path -> directory.relativize(path).toString())
              .collect(Collectors.toSet());
    }
    if (!there.equals(files.keySet())) {
      return false;
    }
    for (Map.Entry<String, Content> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (!Arrays.equals(Files.readAllBytes(path), file.getValue().bytes())) {
        return false;
      }
    }
    return true;
  }

  private static void writeFile(Path path, Content content) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, content.bytes());
    Permissions.set(path, content.mode());
  }

  private void turn(Path next) throws IOException {
    Path link = volume.resolve(DATA_NEXT);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, volume.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Links the first part of every path, and removes links to what is no longer there. */
  private void link(Set<String> paths) throws IOException {
    Set<String> wanted =
        paths.stream()
            .map(path -> Path.of(path).getName(0).toString())
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : wanted) {
      if (!Files.exists(volume.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(volume.resolve(name), Path.of(DATA, name));
      }
    }
    try (Stream<Path> there = Files.list(volume)) {
      for (Path path : there.toList()) {
        String name = path.getFileName().toString();
        if (!name.startsWith("..") && !wanted.contains(name)) {
          Files.delete(path);
        }
      }
    }
  }

  private void removeOthers(Path kept) throws IOException {
    try (Stream<Path> there = Files.list(volume)) {
      for (Path path : there.toList()) {
        if (path.getFileName().toString().startsWith(VERSION_PREFIX) && !path.equals(kept)) {
          FileTrees.delete(path);
        }
      }
    }
  }
}
