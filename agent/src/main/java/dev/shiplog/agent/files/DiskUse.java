package dev.shiplog.agent.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a directory holds. Files that go away while they are counted do not count.
 *
 * @param bytes of all files below, without following links
 * @param files how many there are, directories included
 */
public record DiskUse(long bytes, long files) {

  /** Of what is not there. */
  public static final DiskUse NONE = new DiskUse(0, 0);

  /** This and the other together. */
  public DiskUse plus(DiskUse other) {
    return new DiskUse(bytes + other.bytes, files + other.files);
  }

  /** Walks through all of it; what is not there holds nothing. */
  public static DiskUse of(Path directory) {
    Counter counter = new Counter();
    try {
      Files.walkFileTree(directory, counter);
    } catch (IOException e) {
      return counter.soFar();
    }
    return counter.soFar();
  }

  private static final class Counter extends SimpleFileVisitor<Path> {
    private long bytes;
    private long files;

    DiskUse soFar() {
      return new DiskUse(bytes, files);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      files++;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
