package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.BackupRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a cluster's topics from a file. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make the topics of a cluster from a file that 'backup' wrote, with all objects as they were.",
      "There must be no cluster in these topics."
    })
final class RestoreCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The backup.")
  private Path file;

  @Mixin private TopicsOptions topics;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    BackupRun.Report report = new BackupRun(topics.topics(), file.toAbsolutePath()).restore();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d objects are there as they were.%n", report.objects());
    out.printf("Revisions go on after %d; watches start anew.%n", report.revision());
    out.flush();
    return 0;
  }
}
