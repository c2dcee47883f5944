package dev.shiplog.topics.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How to reach a Kafka and how long to wait for it.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param clientId what brokers log and meter this process under
 * @param clientProperties further Kafka client properties, for TLS and SASL above all; those that
 *     carry the log's guarantees are refused
 * @param callTimeout bound of every call that waits for an answer
 * @param appendTimeout when an append that was not acknowledged is given up as unknown
 */
public record KafkaSettings(
    String bootstrapServers,
    String clientId,
    Map<String, String> clientProperties,
    Duration callTimeout,
    Duration appendTimeout) {

  private static final Set<String> GUARANTEES =
      Set.of(
          "acks",
          "enable.idempotence",
          "transactional.id",
          "max.in.flight.requests.per.connection",
          "isolation.level",
          "auto.offset.reset",
          "enable.auto.commit",
          "allow.auto.create.topics",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer");

  public KafkaSettings {
    clientProperties = Map.copyOf(clientProperties);
    Set<String> taken = new TreeSet<>(clientProperties.keySet());
    taken.retainAll(GUARANTEES);
    if (!taken.isEmpty()) {
      throw new IllegalArgumentException(
          "these Kafka client properties are Shiplog's to set: " + String.join(", ", taken));
    }
  }

  /** With bounds that suit a Kafka near by, without encryption or authentication. */
  public static KafkaSettings at(String bootstrapServers) {
    return new KafkaSettings(
        bootstrapServers, "shiplog", Map.of(), Duration.ofSeconds(10), Duration.ofSeconds(5));
  }

  /** With TLS or SASL properties, or others by their Kafka names. */
  public KafkaSettings with(Map<String, String> properties) {
    return new KafkaSettings(bootstrapServers, clientId, properties, callTimeout, appendTimeout);
  }

  /** Under another name. */
  public KafkaSettings as(String newClientId) {
    return new KafkaSettings(
        bootstrapServers, newClientId, clientProperties, callTimeout, appendTimeout);
  }
}
