package dev.shiplog.topics.metrics;

import java.util.Set;

/**
 * Which of Kafka's own measurements are shown. A client has hundreds, many of them once per
 * partition or broker; these are the ones that say whether it can do its work.
 */
final class KafkaMeters {

  private static final String PREFIX = "kafka.";

  private static final Set<String> SHOWN =
      Set.of(
          "kafka.producer.connection.count",
          "kafka.producer.record.send.total",
          "kafka.producer.record.error.total",
          "kafka.producer.record.retry.total",
          "kafka.producer.request.latency.avg",
          "kafka.producer.request.latency.max",
          "kafka.producer.outgoing.byte.total",
          "kafka.producer.buffer.available.bytes",
          "kafka.consumer.connection.count",
          "kafka.consumer.failed.authentication.total",
          "kafka.consumer.fetch.manager.bytes.consumed.total",
          "kafka.consumer.fetch.manager.records.consumed.total",
          "kafka.consumer.fetch.manager.fetch.latency.avg",
          "kafka.consumer.fetch.manager.fetch.latency.max",
          "kafka.consumer.fetch.manager.records.lag.max",
          "kafka.consumer.coordinator.rebalance.total",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
          "kafka.admin.client.connection.count",
          "kafka.admin.client.failed.authentication.total",
          "kafka.stream.alive.stream.threads",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.thread.process.total",
          "kafka.stream.thread.process.latency.max",
          "kafka.stream.thread.poll.records.avg",
          "kafka.stream.thread.commit.total");

  private KafkaMeters() {}

  /** Whether a meter of this name is shown; all that are not Kafka's are. */
  static boolean isShown(String name) {
    return !name.startsWith(PREFIX) || SHOWN.contains(name);
  }
}
