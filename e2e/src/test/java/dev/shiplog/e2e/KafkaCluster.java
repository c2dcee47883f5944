package dev.shiplog.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/** Stock Kafka: some nodes, broker and controller each. */
final class KafkaCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<KafkaNode> nodes = new ArrayList<>();

  private KafkaCluster() {}

  /** Starts so many nodes; they replicate everything if there are three. */
  static KafkaCluster of(int count, Path directory) {
    return of(count, directory, KafkaHost.local());
  }

  /** The same on another host. */
  static KafkaCluster of(int count, Path directory, KafkaHost host) {
    return at("127.0.0.1", count, directory, host);
  }

  /** The same at an address of this machine that others have a way to as well. */
  static KafkaCluster at(String address, int count, Path directory) {
    return at(address, count, directory, KafkaHost.local());
  }

  private static KafkaCluster at(String address, int count, Path directory, KafkaHost host) {
    KafkaCluster cluster = new KafkaCluster();
    int[] clients = IntStream.range(0, count).map(_ -> FreePort.next()).toArray();
    int[] controllers = IntStream.range(0, count).map(_ -> FreePort.next()).toArray();
    String voters =
        IntStream.range(0, count)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers[i])
            .collect(Collectors.joining(","));
    for (int i = 0; i < count; i++) {
      KafkaNode node =
          new KafkaNode(
              i + 1,
              directory.resolve("kafka-" + i),
              address,
              clients[i],
              controllers[i],
              voters,
              count,
              host);
      cluster.nodes.add(node);
    }
    cluster.start();
    return cluster;
  }

  private void start() {
    try {
      nodes.getFirst().format();
      nodes.stream().skip(1).forEach(node -> node.formatLike(nodes.getFirst()));
      nodes.forEach(KafkaNode::start);
      awaitNodes(nodes.size());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  KafkaNode node(int index) {
    return nodes.get(index);
  }

  String bootstrap() {
    return nodes.stream().map(KafkaNode::address).collect(Collectors.joining(","));
  }

  /** Waits until so many brokers take part. */
  void awaitNodes(int count) {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                bootstrap(),
                "request.timeout.ms",
                "4000",
                "default.api.timeout.ms",
                "5000"))) {
      Awaitility.await(count + " brokers; see " + nodes)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() >= count);
    }
  }

  @Override
  public void close() {
    nodes.forEach(KafkaNode::kill);
  }
}
