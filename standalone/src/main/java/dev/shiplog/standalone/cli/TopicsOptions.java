package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.Topics;
import dev.shiplog.topics.catalogue.TopicNames;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a cluster's topics are. */
final class TopicsOptions {

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
      description = "Replication factor of topics made on --kafka. Default: ${DEFAULT-VALUE}")
  private int replication;

  @Mixin private EncryptionOptions encryption;

  Topics topics() {
    return new Topics(
        data.directory(),
        Optional.ofNullable(kafka),
        kafkaProperties.read(),
        new TopicNames(prefix).prefix(),
        kafka == null ? 1 : replication,
        encryption.sealing());
  }
}
