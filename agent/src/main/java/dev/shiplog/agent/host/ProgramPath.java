package dev.shiplog.agent.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where programs are looked for.
 *
 * @param directories in order
 */
public record ProgramPath(List<Path> directories) {

  /** A user's PATH often lacks the sbin directories, where most of what a node needs lies. */
  private static final List<String> ALWAYS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  public ProgramPath {
    directories = List.copyOf(directories);
  }

  public static ProgramPath ofThisHost() {
    String path = System.getenv().getOrDefault("PATH", "");
    return new ProgramPath(
        Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), ALWAYS.stream())
            .filter(directory -> directory.startsWith("/"))
            .distinct()
            .map(Path::of)
            .toList());
  }

  public Optional<Path> find(String program) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
