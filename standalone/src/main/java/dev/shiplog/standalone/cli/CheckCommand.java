package dev.shiplog.standalone.cli;

import dev.shiplog.scheduler.check.OvercommitChecker;
import dev.shiplog.scheduler.check.OvercommitReplay;
import dev.shiplog.standalone.RunningCluster;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Replays the topics of pods and nodes and tells whether a node ever held more than it has: exit
 * code 0 if none did, 4 if one did.
 */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Replay the topics of pods and nodes, and tell whether a pod was ever bound to a node",
      "that had no room for it. What compaction has removed is not seen."
    })
final class CheckCommand implements Callable<Integer> {

  private static final int FOUND = 4;

  @Mixin private DataDirectoryOption data;
  @Spec private CommandSpec spec;

  @Option(
      names = "--kafka",
      paramLabel = "BOOTSTRAP",
      description = "Bootstrap servers. Default: the embedded Kafka of the cluster that runs.")
  private String kafka;

  @Mixin private KafkaPropertiesOption kafkaProperties;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = TopicNames.DEFAULT_PREFIX,
      description = "First part of every topic's name. Default: ${DEFAULT-VALUE}")
  private String prefix;

  @Override
  public Integer call() {
    KafkaSettings settings =
        KafkaSettings.at(bootstrap()).with(kafkaProperties.read()).as("shiplog-check");
    try (KafkaTopicLog log = new KafkaTopicLog(settings)) {
      TopicNames names = new TopicNames(prefix);
      if (log.topicId(names.checkpoint()).isEmpty()) {
        throw new StartFailure("there is no cluster with topic prefix " + prefix);
      }
      return tell(new OvercommitReplay(log, names).run());
    } catch (LogException e) {
      throw new StartFailure("Kafka failed: " + e.getMessage());
    }
  }

  private int tell(OvercommitChecker checker) {
    PrintWriter out = spec.commandLine().getOut();
    checker.findings().forEach(out::println);
    out.printf(
        "up to revision %d pods came to nodes %d times, %s%n",
        checker.revision(),
        checker.arrivals(),
        checker.findings().isEmpty()
            ? "always to one with room"
            : checker.findings().size() + " times to one without room");
    return checker.findings().isEmpty() ? 0 : FOUND;
  }

  private String bootstrap() {
    return Optional.ofNullable(kafka)
        .or(() -> RunningCluster.of(data.directory()).kafka())
        .orElseThrow(() ->
            new StartFailure(
                "no cluster runs on "
                    + data.directory().path()
                    + "; name its Kafka with --kafka, or start it"));
  }
}
