package dev.shiplog.standalone;

import dev.shiplog.broker.BrokerFailure;
import dev.shiplog.broker.BrokerSettings;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.TopicLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Kafka a cluster lives on: embedded in this process, or one that exists. Used by one thread.
 *
 * @param bootstrapServers where it is reached
 * @param embedded the broker, if it is ours to stop
 */
record Kafka(String bootstrapServers, Optional<EmbeddedBroker> embedded) implements AutoCloseable {

  private static final String BOOTSTRAP_FILE = "kafka.bootstrap";

  /**
   * Starts the embedded broker, or makes sure that the existing Kafka answers.
   *
   * @throws StartFailure if neither works out
   */
  static Kafka start(DataDirectory data, Optional<String> bootstrapServers) {
    Kafka kafka = bootstrapServers.map(Kafka::existing).orElseGet(() -> embed(data));
    announce(bootstrapFile(data), kafka.bootstrapServers());
    return kafka;
  }

  /** Where the bootstrap servers are left for other processes. */
  static Path bootstrapFile(DataDirectory data) {
    return data.path().resolve(BOOTSTRAP_FILE);
  }

  String description() {
    return (embedded.isPresent() ? "embedded, " : "existing, ") + bootstrapServers;
  }

  @Override
  public void close() {
    embedded.ifPresent(EmbeddedBroker::close);
  }

  private static Kafka embed(DataDirectory data) {
    try {
      EmbeddedBroker broker =
          EmbeddedBroker.start(BrokerSettings.in(data.kafka(), Kafka::endProcess));
      return new Kafka(broker.bootstrapServers(), Optional.of(broker));
    } catch (BrokerFailure e) {
      throw new StartFailure(e.getMessage());
    }
  }

  private static Kafka existing(String bootstrapServers) {
    try (TopicLog log = new KafkaTopicLog(KafkaSettings.at(bootstrapServers))) {
      var _ = log.topicId(new TopicNames(TopicNames.DEFAULT_PREFIX).journal());
      return new Kafka(bootstrapServers, Optional.empty());
    } catch (LogException e) {
      throw new StartFailure(
          "Kafka at "
              + bootstrapServers
              + " cannot be reached ("
              + e.getMessage()
              + "); is it running, and is --kafka right?");
    } catch (RuntimeException e) {
      // What the client makes of an address it cannot parse or resolve.
      throw new StartFailure("--kafka " + bootstrapServers + " cannot be used: " + rootMessage(e));
    }
  }

  private static String rootMessage(Throwable e) {
    return e.getCause() == null ? e.getMessage() : rootMessage(e.getCause());
  }

  /** Without its broker the process can do nothing right; another start recovers. */
  private static void endProcess(String why) {
    System.err.println("shiplog: the embedded Kafka broker failed: " + why);
    Runtime.getRuntime().halt(1);
  }

  private static void announce(Path file, String bootstrapServers) {
    try {
      Files.writeString(file, bootstrapServers + "\n");
    } catch (IOException e) {
      throw new StartFailure("cannot write " + file + ": " + StartFailure.describe(e));
    }
  }
}
