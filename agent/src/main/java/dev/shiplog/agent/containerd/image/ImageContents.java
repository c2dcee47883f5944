package dev.shiplog.agent.containerd.image;

import dev.shiplog.agent.containerd.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an image holds, and what runs when it is started.
 *
 * @param reference full name with tag
 * @param architecture processor its programs are for
 * @param nodes files, directories and links by path without a leading slash, parents included
 * @param entrypoint program and first arguments; empty if there is none
 * @param command further arguments, or the program where there is no entry point
 * @param environment {@code NAME=value}
 */
public record ImageContents(
    String reference,
    Architecture architecture,
    SortedMap<String, Node> nodes,
    List<String> entrypoint,
    List<String> command,
    List<String> environment) {

  public ImageContents {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
  }

  /** Something with a path. */
  public sealed interface Node {}

  /** A directory; {@code mode} are its permission bits. */
  public record Directory(int mode) implements Node {}

  /** A symbolic link. */
  public record Symlink(String target) implements Node {}

  /** A file with the contents of one on this machine. */
  public record File(Path source, int mode) implements Node {}

  /** A file with the given contents. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Text(byte[] bytes, int mode) implements Node {}

  /** Starts with an empty image. */
  public static Builder named(String reference, Architecture architecture) {
    return new Builder(ImageReference.complete(reference), architecture);
  }

  /** Collects contents; parents that are not given come as directories of mode 755. */
  public static final class Builder {

    private static final int USUAL_DIRECTORY = 0755;

    private final String reference;
    private final Architecture architecture;
    private final SortedMap<String, Node> nodes = new TreeMap<>();
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private List<String> environment =
        List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    private Builder(String reference, Architecture architecture) {
      this.reference = reference;
      this.architecture = architecture;
    }

    public Builder directory(String path, int mode) {
      return add(path, new Directory(mode));
    }

    public Builder symlink(String path, String target) {
      return add(path, new Symlink(target));
    }

    public Builder file(String path, Path source, int mode) {
      return add(path, new File(source, mode));
    }

    public Builder file(String path, byte[] contents, int mode) {
      return add(path, new Text(contents, mode));
    }

    public Builder text(String path, String contents) {
      return file(path, contents.getBytes(StandardCharsets.UTF_8), 0644);
    }

    public Builder entrypoint(String... programAndArguments) {
      entrypoint = List.of(programAndArguments);
      return this;
    }

    public Builder command(String... arguments) {
      command = List.of(arguments);
      return this;
    }

    public Builder environment(List<String> variables) {
      environment = List.copyOf(variables);
      return this;
    }

    public ImageContents build() {
      return new ImageContents(reference, architecture, nodes, entrypoint, command, environment);
    }

    private Builder add(String path, Node node) {
      Path relative = Path.of("/").relativize(Path.of("/", path).normalize());
      if (relative.toString().isEmpty()) {
        throw new IllegalArgumentException("not a path in an image: \"" + path + "\"");
      }
      for (Path parent = relative.getParent(); parent != null; parent = parent.getParent()) {
        nodes.putIfAbsent(parent.toString(), new Directory(USUAL_DIRECTORY));
      }
      nodes.put(relative.toString(), node);
      return this;
    }
  }
}
