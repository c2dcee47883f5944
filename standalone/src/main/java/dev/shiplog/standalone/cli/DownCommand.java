package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.LeftOver;
import dev.shiplog.standalone.StartFailure;
import java.io.PrintWriter;
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

  @Mixin private DataDirectoryOption data;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for it to stop. Default: ${DEFAULT-VALUE}")
  private long timeoutSeconds;

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
    awaitEnd(running.get());
    // One that had only begun to start does not know yet what a killed one before it left.
    var _ = LeftOver.end(directory);
    out.println("stopped");
    return 0;
  }

  private void awaitEnd(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartFailure(
          "process "
              + process.pid()
              + " was told to stop but still runs after "
              + timeoutSeconds
              + " s; look at its log, or end it with 'kill -9 "
              + process.pid()
              + "': nothing acknowledged is lost");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
