package dev.shiplog.agent.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Modes and owners of files, by number as the kernel has them. */
final class Permissions {

  private static final int SET_GID = 02000;
  private static final int GROUP_READ = 0040;
  private static final int GROUP_WRITE = 0020;
  private static final int GROUP_ENTER = 0010;
  private static final int MODE_BITS = 07777;

  private Permissions() {}

  static void set(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Gives all below the directory to a group, as a pod's fsGroup asks: readable, or writable too,
   * and what is made in it later belongs to the group as well.
   */
  static void giveToGroup(Path directory, long group, boolean writable) throws IOException {
    int bits = GROUP_READ | (writable ? GROUP_WRITE : 0);
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            give(dir, group, bits | GROUP_ENTER | SET_GID);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              give(file, group, bits);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Whether the directory itself is the group's, as {@link #giveToGroup} leaves it. */
  static boolean isOfGroup(Path directory, long group, boolean writable) throws IOException {
    int bits = GROUP_READ | GROUP_ENTER | SET_GID | (writable ? GROUP_WRITE : 0);
    int mode = (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    int owner = (int) Files.getAttribute(directory, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    return owner == group && (mode & bits) == bits;
  }

  private static void give(Path path, long group, int bits) throws IOException {
    Files.setAttribute(path, "unix:gid", Math.toIntExact(group), LinkOption.NOFOLLOW_LINKS);
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    set(path, (mode & MODE_BITS) | bits);
  }
}
