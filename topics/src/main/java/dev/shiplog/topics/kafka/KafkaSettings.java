package dev.shiplog.topics.kafka;

import java.time.Duration;
import java.util.Map;

/**
 * How Kafka is reached.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param security further client properties by their Kafka names, for TLS and SASL; they outrank
 *     nothing that the guarantees of this package rest on
 * @param callTimeout bound of every single call: metadata, offsets, a poll's own requests
 * @param deliveryTimeout after which an append that was not acknowledged is given up on; its
 *     outcome is then unknown
 */
public record KafkaSettings(
    String bootstrapServers,
    Map<String, String> security,
    Duration callTimeout,
    Duration deliveryTimeout) {

  public KafkaSettings {
    security = Map.copyOf(security);
  }

  /** With bounds that suit a Kafka near by. */
  public static KafkaSettings at(String bootstrapServers) {
    return new KafkaSettings(
        bootstrapServers, Map.of(), Duration.ofSeconds(10), Duration.ofSeconds(5));
  }

  /** With TLS or SASL properties. */
  public KafkaSettings with(Map<String, String> securityProperties) {
    return new KafkaSettings(bootstrapServers, securityProperties, callTimeout, deliveryTimeout);
  }
}
