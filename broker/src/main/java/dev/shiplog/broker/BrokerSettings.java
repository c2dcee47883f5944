package dev.shiplog.broker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the one node of an embedded Kafka is set up, broker and controller in one.
 *
 * @param directory where it keeps its logs
 * @param port port of the broker on loopback
 * @param controllerPort port of its controller on loopback
 */
record BrokerSettings(Path directory, int port, int controllerPort) {

  static final int NODE = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** The largest record: an entry with 3 MiB before, 3 MiB after, and room for who asked. */
  private static final int LARGEST_RECORD_BYTES = 9 << 20;

  Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>(identity());
    all.putAll(durability());
    all.putAll(latency());
    all.putAll(footprint());
    return all;
  }

  private Map<String, String> identity() {
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(NODE),
        "controller.quorum.voters",
        NODE + "@127.0.0.1:" + controllerPort,
        "controller.listener.names",
        CONTROLLER_LISTENER,
        "listeners",
        "PLAINTEXT://127.0.0.1:"
            + port
            + ","
            + CONTROLLER_LISTENER
            + "://127.0.0.1:"
            + controllerPort,
        "advertised.listeners",
        "PLAINTEXT://127.0.0.1:" + port,
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs",
        directory.toString());
  }

  private Map<String, String> durability() {
    return Map.of(
        // A misspelt name must be an error, not a topic.
        "auto.create.topics.enable", "false",
        "unclean.leader.election.enable", "false",
        "default.replication.factor", "1",
        "min.insync.replicas", "1",
        "offsets.topic.replication.factor", "1",
        "transaction.state.log.replication.factor", "1",
        "transaction.state.log.min.isr", "1",
        "share.coordinator.state.topic.replication.factor", "1",
        "share.coordinator.state.topic.min.isr", "1",
        "message.max.bytes", Integer.toString(LARGEST_RECORD_BYTES));
  }

  private Map<String, String> latency() {
    return Map.of(
        // The first partition of a transaction otherwise waits for this each time it is refused
        // because the one before is still being completed.
        "add.partitions.to.txn.retry.backoff.ms", "1",
        // Nobody else joins: waiting for more members only delays the start of applications.
        "group.initial.rebalance.delay.ms", "0",
        // A dead application must be noticed within seconds.
        "group.min.session.timeout.ms", "1000",
        // A pause of the only broker must not have it fence itself.
        "broker.session.timeout.ms", "30000",
        // Applications commit in bursts of a few records; there is nothing to be gained by waiting.
        "offsets.commit.timeout.ms", "5000");
  }

  private Map<String, String> footprint() {
    return Map.of(
        "offsets.topic.num.partitions", "4",
        "transaction.state.log.num.partitions", "4",
        "share.coordinator.state.topic.num.partitions", "1",
        // The default reserves 128 MiB for one cleaner thread; the topics here are small.
        "log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20),
        "log.cleaner.io.buffer.size", Integer.toString(10 << 20),
        // Index files are allocated in full: 10 MiB each, three for every partition.
        "log.index.size.max.bytes", Integer.toString(512 << 10),
        "num.network.threads", "2",
        "num.io.threads", "4",
        "background.threads", "2",
        "num.recovery.threads.per.data.dir", "2");
  }
}
