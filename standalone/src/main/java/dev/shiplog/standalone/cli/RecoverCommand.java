package dev.shiplog.standalone.cli;

import dev.shiplog.api.journal.Recovery;
import dev.shiplog.standalone.RecoverRun;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  /** As {@code up} makes the topic. */
  private static final int ASSIGNMENT_PARTITIONS = TopicCatalogue.DEFAULT_ASSIGNMENT_PARTITIONS;

  @Mixin private DataDirectoryOption data;

  @Option(
      names = "--kafka",
      paramLabel = "BOOTSTRAP",
      description = "The Kafka (host:port,…) the cluster is on, if it is not the embedded one.")
  private String kafka;

  @Mixin private KafkaPropertiesOption kafkaProperties;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = TopicNames.DEFAULT_PREFIX,
      description = "First part of every topic's name. Default: ${DEFAULT-VALUE}")
  private String prefix;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "3",
      description = "Replication factor of topics on --kafka. Default: ${DEFAULT-VALUE}")
  private int replication;

  @Mixin private EncryptionOptions encryption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Recovery.Report report =
        new RecoverRun(
                data.directory(),
                Optional.ofNullable(kafka),
                kafkaProperties.read(),
                prefix,
                kafka == null ? 1 : replication,
                ASSIGNMENT_PARTITIONS,
                encryption.sealing())
            .run();
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
