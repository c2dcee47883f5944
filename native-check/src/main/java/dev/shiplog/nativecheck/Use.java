package dev.shiplog.nativecheck;

import dev.shiplog.nativecheck.trace.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that was reached by its name.
 *
 * @param reach how
 * @param name of a class, a resource, a bundle, or of interfaces with commas between them
 * @param member of the class; empty if it is about all of them
 * @param caller class that reached it
 */
public record Use(Reach reach, String name, String member, String caller) {

  private static final int PARTS = 4;

  /**
   * What all traced processes wrote to a directory.
   *
   * @throws IllegalStateException if a class could not be watched
   */
  public static List<Use> read(Path directory) throws IOException {
    List<Use> uses = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.readAllLines(file).stream().map(Use::parse).forEach(uses::add);
      }
    }
    return uses.stream().distinct().toList();
  }

  private static Use parse(String line) {
    String[] parts = line.split("\t", PARTS);
    if (parts.length < PARTS || parts[0].equals("FAILED")) {
      throw new IllegalStateException("a class was not watched: " + line);
    }
    return new Use(Reach.valueOf(parts[0]), parts[1], parts[2], parts[3]);
  }

  @Override
  public String toString() {
    return reach + " " + name + (member.isEmpty() ? "" : "." + member) + " by " + caller;
  }
}
