package dev.shiplog.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts {@code up} in a process of its own and shows what it says until it is ready. The process
 * gets its own session, so that neither Ctrl-C nor closing the terminal ends it.
 */
public final class Detached {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long LOOK_EVERY_MS = 100;

  private final Process process;
  private final BufferedReader said;

  private Detached(Process process, BufferedReader said) {
    this.process = process;
    this.said = said;
  }

  /**
   * Brings the cluster up in the background.
   *
   * @param arguments the command line as typed
   * @return 0 once it is ready, else the exit code of the process
   */
  public static int up(DataDirectory data, List<String> arguments) {
    Path output = data.path().resolve("up.out");
    try {
      Files.createDirectories(output.getParent());
      Files.writeString(output, "");
      Process process =
          new ProcessBuilder(command(arguments))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .redirectErrorStream(true)
              .start();
      try (BufferedReader said = Files.newBufferedReader(output)) {
        return new Detached(process, said).awaitReady();
      }
    } catch (IOException e) {
      throw new StartFailure("cannot start in the background: " + StartFailure.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted; the cluster may still be coming up in the background");
    }
  }

  private int awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      boolean ended = process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
      if (relay()) {
        return 0;
      }
      if (ended) {
        return Math.max(1, process.exitValue());
      }
    }
    throw new StartFailure(
        "not ready after "
            + PATIENCE.toMinutes()
            + " minutes; process "
            + process.pid()
            + " still tries");
  }

  /** Prints what was said since; true if it was that all is ready. */
  private boolean relay() {
    try {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        System.out.println(line);
        if (line.startsWith(Progress.READY)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(program(System.getProperty("java.class.path")));
    arguments.stream().filter(argument -> !argument.equals("--detach")).forEach(command::add);
    return command;
  }

  /** The same that runs here: by its class path, or by a jar that brings its own class loader. */
  private static List<String> program(String classPath) {
    return Detached.class.getClassLoader().equals(ClassLoader.getSystemClassLoader())
        ? List.of("-cp", classPath, ShiplogMain.class.getName())
        : List.of("-jar", classPath);
  }
}
