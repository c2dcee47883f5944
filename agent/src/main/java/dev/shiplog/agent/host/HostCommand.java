package dev.shiplog.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a program of the host to its end. A program never gets more time than it was given, and what
 * it writes is kept up to a bound.
 */
public final class HostCommand {

  private static final int MAX_OUTPUT_BYTES = 1 << 20;
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private HostCommand() {}

  /**
   * How a program ended.
   *
   * @param output what it wrote, as UTF-8, the first mebibyte of it
   * @param errors likewise, to its standard error
   */
  public record Result(int exitCode, String output, String errors) {

    public boolean succeeded() {
      return exitCode == 0;
    }

    /** One line that says what went wrong: the last that the program wrote. */
    public String lastWords() {
      String words = errors.isBlank() ? output : errors;
      return words.isBlank() ? "exit code " + exitCode : words.strip().lines().toList().getLast();
    }
  }

  /** Runs a program without input. */
  public static Result run(Duration atMost, List<String> command) {
    return run(atMost, command, Map.of(), "");
  }

  /**
   * Runs a program and waits for its end.
   *
   * @param environment added to this process's own
   * @param input what the program reads
   * @throws HostCommandException if it cannot be started, took longer, or the thread was
   *     interrupted; the program and its children are dead then, and the interrupt flag is set
   */
  public static Result run(
      Duration atMost, List<String> command, Map<String, String> environment, String input) {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = start(builder);
    CompletableFuture<String> output = read(process.getInputStream());
    CompletableFuture<String> errors = read(process.getErrorStream());
    VIRTUAL.execute(() -> write(process.getOutputStream(), input));
    await(process, atMost, command);
    return new Result(process.exitValue(), last(output), last(errors));
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new HostCommandException("cannot run " + builder.command() + ": " + e.getMessage(), e);
    }
  }

  private static void await(Process process, Duration atMost, List<String> command) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(process);
        throw new HostCommandException(
            String.join(" ", command) + " did not end within " + atMost.toSeconds() + " s", null);
      }
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      throw new HostCommandException("interrupted during " + String.join(" ", command), e);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void write(OutputStream to, String input) {
    try (to) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The program ended without reading all of it; its exit code tells.
    }
  }

  private static CompletableFuture<String> read(InputStream from) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (from) {
            byte[] kept = from.readNBytes(MAX_OUTPUT_BYTES);
            from.transferTo(OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
          } catch (IOException e) {
            return "";
          }
        },
        VIRTUAL);
  }

  /** A child that the program left behind may hold its output open for ever. */
  private static String last(CompletableFuture<String> written) {
    try {
      return written.get(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (ExecutionException | TimeoutException e) {
      return "";
    }
  }
}
