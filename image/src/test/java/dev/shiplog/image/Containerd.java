package dev.shiplog.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A containerd of the test's own, driven with ctr. */
final class Containerd implements AutoCloseable {

  private static final long BOUND_SECONDS = 120;

  /** ctr puts arguments in the place of the image's entry point, where runtimes add them. */
  private static final List<String> ENTRY_POINT =
      List.of("/opt/java/bin/java", "@/opt/shiplog/java.args");

  private static final AtomicInteger CONTAINERS = new AtomicInteger();

  private final Process process;
  private final Path directory;

  private Containerd(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /** What came of a command. */
  record Ended(int exit, String output) {
    Ended succeeded() {
      if (exit != 0) {
        throw new AssertionError("exit " + exit + ": " + output);
      }
      return this;
    }
  }

  /** Whether this machine has what is needed, and lets us. */
  static boolean canRun() {
    return System.getProperty("user.name").equals("root")
        && Files.isExecutable(Path.of("/usr/bin/containerd"))
        && Files.isExecutable(Path.of("/usr/sbin/runc"));
  }

  static Containerd start(Path directory) throws IOException {
    Path writable = Files.createDirectories(directory.resolve("tmp"));
    Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path config = directory.resolve("config.toml");
    Files.writeString(
        config,
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        disabled_plugins = ["io.containerd.grpc.v1.cri"]
        [grpc]
          address = "%1$s/sock"
        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"
        """
            .formatted(directory));
    Process process =
        new ProcessBuilder("/usr/bin/containerd", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Containerd containerd = new Containerd(process, directory);
    Awaitility.await("containerd; see " + directory)
        .atMost(Duration.ofSeconds(BOUND_SECONDS))
        .until(() -> containerd.ctr("version").exit() == 0);
    return containerd;
  }

  /** Runs an image with a root that cannot be written, and a /tmp that can. */
  Ended run(String image, String... arguments) {
    return run(List.of("--rm"), image, newName(), List.of(arguments));
  }

  private static String newName() {
    return "it-" + CONTAINERS.incrementAndGet();
  }

  private Ended run(List<String> options, String image, String name, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(options);
    words.addAll(
        List.of(
            "--read-only",
            "--mount",
            "type=bind,src=" + directory + "/tmp,dst=/tmp,options=rbind:rw",
            image,
            name));
    words.addAll(ENTRY_POINT);
    words.addAll(arguments);
    return ctr(words.toArray(String[]::new));
  }

  /** Has an image run on, likewise, until it is closed. It has a network of its own. */
  Running start(String image, List<String> arguments) {
    String name = newName();
    Path output = directory.resolve(name + ".out");
    run(List.of("--detach", "--log-uri", "file://" + output), image, name, arguments).succeeded();
    return new Running(name, output);
  }

  /** A container that runs. */
  final class Running implements AutoCloseable {
    private final String name;
    private final Path output;

    private Running(String name, Path output) {
      this.name = name;
      this.output = output;
    }

    /** Waits for a line of its output. */
    void awaitLine(Pattern line) {
      Awaitility.await(line + " in " + output)
          .atMost(Duration.ofSeconds(BOUND_SECONDS))
          .until(() -> output().lines().anyMatch(each -> line.matcher(each).matches()));
    }

    private String output() throws IOException {
      return Files.exists(output) ? Files.readString(output, StandardCharsets.UTF_8) : "";
    }

    /** What lies in its /tmp. */
    Path inTmp(String path) {
      return directory.resolve("tmp").resolve(path);
    }

    /** Runs a command of this machine within its network. */
    Ended inNetwork(String... command) {
      List<String> words = new ArrayList<>(List.of("nsenter", "--target", pid(), "--net"));
      words.addAll(List.of(command));
      return execute(words);
    }

    private String pid() {
      return ctr("task", "ls")
          .succeeded()
          .output()
          .lines()
          .map(line -> line.split("\\s+"))
          .filter(words -> words[0].equals(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError(name + " does not run"))[1];
    }

    @Override
    public void close() {
      ctr("task", "rm", "--force", name);
      ctr("container", "rm", name);
    }
  }

  Ended ctr(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ctr", "-a", directory + "/sock"));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  private Ended execute(List<String> command) {
    Path output = directory.resolve("output");
    try {
      Process ctr =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!ctr.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        ctr.destroyForcibly().waitFor();
        throw new AssertionError("did not end: " + command);
      }
      return new Ended(ctr.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
