package dev.shiplog.standalone;

import dev.shiplog.broker.BrokerFailure;
import dev.shiplog.broker.BrokerSettings;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.broker.RemoteListener;
import dev.shiplog.topics.catalogue.NodeTopics;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.kafka.TopicGrants;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.TopicLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Kafka a cluster lives on: embedded in this process, or one that exists. Used by one thread.
 *
 * @param bootstrapServers where it is reached
 * @param embedded the broker, if it is ours to stop
 * @param forNodes where nodes on other machines reach that one, if they do
 * @param properties further client properties, for TLS and SASL above all
 */
record Kafka(
    String bootstrapServers,
    Optional<EmbeddedBroker> embedded,
    Optional<String> forNodes,
    Map<String, String> properties)
    implements AutoCloseable {

  /** Each node is a user of its own, by its name in the cluster. */
  private static final String NODE_USERS = "system:node:";

  private static final String NODES_IN_ACLS = "User:" + NODE_USERS + "*";
  private static final String BOOTSTRAP_FILE = "kafka.bootstrap";

  /**
   * Starts the embedded broker, or makes sure that the existing Kafka answers.
   *
   * @throws StartFailure if neither works out
   */
  static Kafka start(
      DataDirectory data, Optional<String> bootstrapServers, Map<String, String> properties) {
    return start(data, bootstrapServers, properties, Optional.empty(), Kafka::endProcess);
  }

  /** Where the bootstrap servers are left for other processes. */
  static Path bootstrapFile(DataDirectory data) {
    return data.path().resolve(BOOTSTRAP_FILE);
  }

  /**
   * The same, and lets nodes on other machines read the embedded broker.
   *
   * @param onFatal told in a sentence why the embedded broker cannot go on
   * @throws StartFailure if neither works out
   */
  static Kafka start(
      DataDirectory data,
      Optional<String> bootstrapServers,
      Map<String, String> properties,
      Optional<RemoteListener> nodes,
      Consumer<String> onFatal) {
    Kafka kafka =
        bootstrapServers
            .map(servers -> existing(servers, properties))
            .orElseGet(() -> embed(BrokerSettings.in(data.kafka(), onFatal), nodes));
    announce(bootstrapFile(data), kafka.bootstrapServers());
    return kafka;
  }

  /** What nodes may do with the embedded broker: read what concerns them, and nothing else. */
  void admitNodes(TopicNames topics) {
    if (forNodes.isPresent()) {
      TopicGrants.read(KafkaSettings.at(bootstrapServers), NODES_IN_ACLS, NodeTopics.read(topics));
    }
  }

  /** How nodes show themselves to the embedded broker, and that they are nodes. */
  static RemoteListener listener(ListenAddress listen, String advertised, Identities identities) {
    return new RemoteListener(
        listen.host(),
        listen.port(),
        advertised,
        identities.kafka(),
        identities.pki().authorityCertificate(),
        "RULE:^CN=(" + NODE_USERS + "[^,]+),O=system:nodes$/$1/,DEFAULT",
        NODE_USERS);
  }

  /** How its clients reach it. */
  KafkaSettings settings() {
    return KafkaSettings.at(bootstrapServers).with(properties);
  }

  String description() {
    return (embedded.isPresent() ? "embedded, " : "existing, ") + bootstrapServers;
  }

  @Override
  public void close() {
    embedded.ifPresent(EmbeddedBroker::close);
  }

  private static Kafka embed(BrokerSettings local, Optional<RemoteListener> nodes) {
    try {
      EmbeddedBroker broker = EmbeddedBroker.start(nodes.map(local::withRemote).orElse(local));
      return new Kafka(
          broker.bootstrapServers(),
          Optional.of(broker),
          nodes.map(listener ->
              new ListenAddress(listener.advertisedHost(), broker.remotePort()).toString()),
          Map.of());
    } catch (BrokerFailure e) {
      throw new StartFailure(e.getMessage());
    }
  }

  private static Kafka existing(String bootstrapServers, Map<String, String> properties) {
    try (TopicLog log = new KafkaTopicLog(KafkaSettings.at(bootstrapServers).with(properties))) {
      var _ = log.topicId(new TopicNames(TopicNames.DEFAULT_PREFIX).journal());
      return new Kafka(bootstrapServers, Optional.empty(), Optional.empty(), properties);
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
  static void endProcess(String why) {
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
