package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.RunningCluster;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells whether a cluster runs and is ready: exit code 0 if it is, 3 if not. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Tell whether the cluster of a data directory runs and is ready.")
final class StatusCommand implements Callable<Integer> {

  private static final int NOT_READY = 3;

  @Mixin private DataDirectoryOption data;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Ask this API server instead, wherever it runs; needs --ca-file.")
  private String server;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Certificate of the authority that --server is trusted by.")
  private Path caFile;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (server != null) {
      return tell(RunningCluster.readiness(server, authority()), out);
    }
    DataDirectory directory = data.directory();
    Optional<Long> pid = directory.runningPid();
    if (pid.isEmpty()) {
      out.println("not running (data directory " + directory.path() + ")");
      return NOT_READY;
    }
    out.println("running as process " + pid.get() + " (data directory " + directory.path() + ")");
    return tell(RunningCluster.of(directory).readiness(), out);
  }

  private Path authority() {
    if (caFile == null) {
      throw new ParameterException(spec.commandLine(), "--server needs --ca-file");
    }
    return caFile;
  }

  private static int tell(RunningCluster.Readiness readiness, PrintWriter out) {
    out.println(readiness.text().strip());
    return readiness.ready() ? 0 : NOT_READY;
  }
}
