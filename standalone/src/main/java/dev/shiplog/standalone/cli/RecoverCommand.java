package dev.shiplog.standalone.cli;

import dev.shiplog.api.journal.Recovery;
import dev.shiplog.standalone.RecoverRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the topics of a cluster agree again after some of them lost data. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make a cluster's topics agree again after some of them lost what others still have, most",
      "likely with the power. Keeps what any of them holds. Stop all API servers first."
    })
final class RecoverCommand implements Callable<Integer> {

  @Mixin private TopicsOptions topics;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Recovery.Report report = new RecoverRun(topics.topics()).run();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d objects are there.%n", report.objects());
    out.printf("%d journal offsets were skipped: what they held is lost.%n", report.padded());
    out.printf("%d records of compacted topics were repaired.%n", report.repaired());
    out.printf("Revisions go on after %d; watches start anew.%n", report.floor());
    out.println("Start the cluster with './shiplog up'.");
    out.flush();
    return 0;
  }
}
