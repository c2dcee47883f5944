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

/** Writes a cluster's objects to a file. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write all objects of a cluster to a file, as they are at one revision. The cluster may",
      "run meanwhile. What is encrypted in its topics is encrypted in the file; keep the keys, and",
      "the directory with its certificates, besides."
    })
final class BackupCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The file; one that is there is replaced.")
  private Path file;

  @Mixin private TopicsOptions topics;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    BackupRun.Report report = new BackupRun(topics.topics(), file.toAbsolutePath()).backUp();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d objects at revision %d are in %s.%n", report.objects(), report.revision(), file);
    out.flush();
    return 0;
  }
}
