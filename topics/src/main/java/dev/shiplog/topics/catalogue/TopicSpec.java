package dev.shiplog.topics.catalogue;

import java.util.Map;

/**
 * A topic as it must be.
 *
 * @param name full name, prefix included
 * @param partitions how many partitions it has; never changed once it exists
 * @param replicationFactor on how many brokers each partition lies, or {@link #BROKER_DEFAULT}
 * @param settings Kafka topic settings by their Kafka names
 */
public record TopicSpec(
    String name, int partitions, int replicationFactor, Map<String, String> settings) {

  /** As many replicas as the brokers give a topic that does not say. */
  public static final int BROKER_DEFAULT = -1;

  public TopicSpec {
    settings = Map.copyOf(settings);
  }

  /** With as many replicas as the brokers are set up for. */
  public TopicSpec(String name, int partitions, Map<String, String> settings) {
    this(name, partitions, BROKER_DEFAULT, settings);
  }
}
