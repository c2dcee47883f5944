package dev.shiplog.broker;

import java.util.HashMap;
import java.util.Map;

/** The broker's Kafka settings: all that differ from Kafka's defaults, each with its reason. */
final class KafkaProperties {

  static final int NODE_ID = 1;

  private static final int MIB = 1 << 20;

  private KafkaProperties() {}

  static Map<String, String> of(BrokerSettings settings, Listeners listeners) {
    Map<String, String> properties = new HashMap<>();
    oneNode(properties, settings, listeners);
    singleReplicas(properties);
    forLatency(properties);
    forSmallMachines(properties);
    forSafety(properties);
    properties.putAll(settings.overrides());
    return properties;
  }

  private static void oneNode(
      Map<String, String> properties, BrokerSettings settings, Listeners listeners) {
    String client = listeners.address(Listeners.CLIENT);
    String controller = listeners.address(Listeners.CONTROLLER);
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(NODE_ID));
    properties.put("log.dirs", settings.dataDir().toString());
    properties.put("listeners", "CLIENT://" + client + ",CONTROLLER://" + controller);
    properties.put("advertised.listeners", "CLIENT://" + client);
    properties.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.remote().ifPresent(remote -> reachable(properties, remote, listeners));
    properties.put("inter.broker.listener.name", Listeners.CLIENT);
    properties.put("controller.listener.names", Listeners.CONTROLLER);
    // Static voters: their addresses are not part of the stored state, so ports may change.
    properties.put("controller.quorum.voters", NODE_ID + "@" + controller);
  }

  private static void reachable(
      Map<String, String> properties, RemoteListener remote, Listeners listeners) {
    String scheme = "," + RemoteListener.NAME + "://";
    int port = listeners.port(RemoteListener.NAME);
    properties.merge("listeners", scheme + remote.host() + ":" + port, String::concat);
    properties.merge(
        "advertised.listeners", scheme + remote.advertisedHost() + ":" + port, String::concat);
    properties.merge(
        "listener.security.protocol.map", "," + RemoteListener.NAME + ":SSL", String::concat);
    properties.putAll(remote.properties());
  }

  /** There is nobody to replicate to, and each partition of an internal topic costs files. */
  private static void singleReplicas(Map<String, String> properties) {
    properties.put("default.replication.factor", "1");
    properties.put("min.insync.replicas", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "2");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "2");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
  }

  private static void forLatency(Map<String, String> properties) {
    // The second partition of a transaction may meet the markers of the one before; Kafka then
    // waits 20 ms before it looks again.
    properties.put("add.partitions.to.txn.retry.backoff.ms", "1");
    // Applications start one after another here; there is no herd to wait for.
    properties.put("group.initial.rebalance.delay.ms", "0");
    // Lets a Streams application notice within seconds that its predecessor died.
    properties.put("group.min.session.timeout.ms", "1000");
    // After a kill the controller still believes in the broker's former self for this long, and
    // the start waits for it. Shorter, and a machine short of CPU would lose its broker for a
    // while.
    properties.put("broker.session.timeout.ms", "2000");
    properties.put("broker.heartbeat.interval.ms", "300");
  }

  private static void forSmallMachines(Map<String, String> properties) {
    // 128 MiB of heap by default; a pass of the cleaner now holds 300,000 keys and takes several
    // passes for more.
    properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 * MIB));
    properties.put("log.cleaner.io.buffer.size", String.valueOf(MIB / 2));
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "2");
    // Index files are made at full size; a topic may still ask for more.
    properties.put("log.index.size.max.bytes", String.valueOf(MIB));
    properties.put("offsets.topic.segment.bytes", String.valueOf(8 * MIB));
    properties.put("transaction.state.log.segment.bytes", String.valueOf(8 * MIB));
    properties.put("metadata.log.segment.bytes", String.valueOf(32 * MIB));
    properties.put("metadata.max.retention.bytes", String.valueOf(64 * MIB));
    // Metrics are read in the process, not by JMX.
    properties.put("metric.reporters", "");
  }

  private static void forSafety(Map<String, String> properties) {
    // A mistyped name must not become a topic with settings nobody chose.
    properties.put("auto.create.topics.enable", "false");
    properties.put("unclean.leader.election.enable", "false");
    // Topics say how large their records may be; none may be larger than a request.
    properties.put("message.max.bytes", String.valueOf(16 * MIB));
    properties.put("replica.fetch.max.bytes", String.valueOf(16 * MIB));
    // A group's offsets outlive a holiday.
    properties.put("offsets.retention.minutes", String.valueOf(30 * 24 * 60));
  }
}
