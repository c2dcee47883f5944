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
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "--rm",
                "--read-only",
                "--mount",
                "type=bind,src=" + directory + "/tmp,dst=/tmp,options=rbind:rw",
                image,
                "it-" + CONTAINERS.incrementAndGet()));
    words.addAll(ENTRY_POINT);
    words.addAll(List.of(arguments));
    return ctr(words.toArray(String[]::new));
  }

  Ended ctr(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ctr", "-a", directory + "/sock"));
    command.addAll(List.of(arguments));
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
