package dev.shiplog.topics.catalogue;

import java.util.Map;

/**
 * A topic as it must be.
 *
 * @param name full name, prefix included
 * @param partitions how many partitions it has; never changed once it exists
 * @param settings Kafka topic settings by their Kafka names
 */
public record TopicSpec(String name, int partitions, Map<String, String> settings) {

  public TopicSpec {
    settings = Map.copyOf(settings);
  }
}
