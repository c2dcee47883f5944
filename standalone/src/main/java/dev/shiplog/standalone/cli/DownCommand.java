package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.LeftOver;
import dev.shiplog.standalone.StartFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Stops the process that runs on a data directory, and waits until it has ended; or stops what one
 * that was killed left behind.
 */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop the cluster of a data directory. Its data stays.")
final class DownCommand implements Callable<Integer> {

  private static final Duration USUAL = Duration.ofSeconds(60);

  @Mixin private DataDirectoryOption data;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "How long to wait for it to stop. Default: 60, and what its pods have to end by"
              + " --shutdown-grace-period")
  private Long timeoutSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    DataDirectory directory = data.directory();
    Optional<ProcessHandle> running = directory.runningPid().flatMap(ProcessHandle::of);
    if (running.isEmpty()) {
      out.println(
          LeftOver.end(directory)
              ? "stopped what a killed process left running"
              : "nothing runs on " + directory.path());
      return 0;
    }
    running.get().destroy();
    awaitEnd(running.get(), timeout(directory).toSeconds());
    // One that had only begun to start does not know yet what a killed one before it left.
    var _ = LeftOver.end(directory);
    out.println("stopped");
    return 0;
  }

  private Duration timeout(DataDirectory directory) {
    return timeoutSeconds == null
        ? USUAL.plus(directory.podsHave())
        : Duration.ofSeconds(timeoutSeconds);
  }

  private static void awaitEnd(ProcessHandle process, long seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartFailure(
          "process "
              + process.pid()
              + " was told to stop but still runs after "
              + seconds
              + " s; look at its log, or end it with 'kill -9 "
              + process.pid()
              + "': nothing acknowledged is lost");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
