package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that was run to its end.
 *
 * @param command what was run
 * @param exit its exit code
 * @param out what it printed
 * @param err what it complained about
 */
record Run(List<String> command, int exit, String out, String err) {

  /** Characters of an output that a failure shows. */
  private static final int MOST_SHOWN = 8_000;

  /** Runs a command; one that takes longer than allowed is killed and fails the test. */
  static Run of(List<String> command, Map<String, String> environment, Duration atMost) {
    return of(command, environment, "", atMost);
  }

  static Run of(
      List<String> command, Map<String, String> environment, String input, Duration atMost) {
    try {
      Path in = Files.createTempFile("shiplog", ".in");
      Path out = Files.createTempFile("shiplog", ".out");
      Path err = Files.createTempFile("shiplog", ".err");
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Run run = new Run(command, ended ? process.exitValue() : -1, read(out), read(err));
      if (!ended) {
        throw new AssertionError("did not end within " + atMost + ": " + run);
      }
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Itself, if it succeeded without complaint: no error, and no warning either. */
  Run succeeded() {
    if (exit != 0 || !err.isBlank()) {
      throw new AssertionError("expected success without a word on stderr: " + this);
    }
    return this;
  }

  /** Itself, if it failed. */
  Run failed() {
    if (exit == 0) {
      throw new AssertionError("expected a failure: " + this);
    }
    return this;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  private static String read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }

  @Override
  public String toString() {
    return String.join(" ", command)
        + "\nexit "
        + exit
        + "\nout: "
        + shortened(out)
        + "\nerr: "
        + shortened(err);
  }

  private static String shortened(String text) {
    int half = MOST_SHOWN / 2;
    return text.length() <= MOST_SHOWN
        ? text
        : text.substring(0, half) + "\n…\n" + text.substring(text.length() - half);
  }
}
