package dev.shiplog.topics.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.log.Isolation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

/** The promises that rest on client settings; a changed default fails here. */
class ClientPropertiesTest {

  private static final KafkaSettings SETTINGS = KafkaSettings.at("localhost:9092");

  private final ClientProperties properties = new ClientProperties(SETTINGS);

  @Test
  void whatIsAcknowledgedIsOnEveryInSyncReplicaOnceAndInOrder() {
    for (Map<String, Object> producer :
        List.of(properties.writer(), properties.transactionalWriter("t"))) {
      assertThat(producer)
          .containsEntry("acks", "all")
          .containsEntry("enable.idempotence", true)
          .containsEntry("linger.ms", 0);
      assertThat((int) producer.get("max.in.flight.requests.per.connection"))
          .isLessThanOrEqualTo(5);
      assertThat((int) producer.get("max.request.size"))
          .isGreaterThan(TopicCatalogue.MAX_RECORD_BYTES);
    }
  }

  @Test
  void anAppendIsGivenUpInTime() {
    assertThat(properties.writer())
        .containsEntry("delivery.timeout.ms", 5000)
        .containsEntry("request.timeout.ms", 2000)
        .containsEntry("max.block.ms", 2500);
  }

  @Test
  void aReaderNeverSkipsAndKeepsItsOwnPositions() {
    assertThat(properties.reader(Isolation.READ_COMMITTED))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("allow.auto.create.topics", false)
        .doesNotContainKey("group.id");
    assertThat(properties.reader(Isolation.READ_UNCOMMITTED))
        .containsEntry("isolation.level", "read_uncommitted");
  }

  @Test
  void everyPropertyIsOneThatKafkaKnows() {
    assertThat(ProducerConfig.configNames()).containsAll(properties.writer().keySet());
    assertThat(ProducerConfig.configNames())
        .containsAll(properties.transactionalWriter("t").keySet());
    assertThat(ConsumerConfig.configNames())
        .containsAll(properties.reader(Isolation.READ_COMMITTED).keySet());
    assertThat(AdminClientConfig.configNames()).containsAll(properties.admin().keySet());
  }

  @Test
  void securityPropertiesReachEveryClient() {
    ClientProperties secured =
        new ClientProperties(SETTINGS.with(Map.of("security.protocol", "SASL_SSL")));

    assertThat(secured.writer()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(secured.reader(Isolation.READ_COMMITTED))
        .containsEntry("security.protocol", "SASL_SSL");
    assertThat(secured.admin()).containsEntry("security.protocol", "SASL_SSL");
  }

  @Test
  void aPropertyThatCarriesAGuaranteeIsRefused() {
    assertThatThrownBy(() -> SETTINGS.with(Map.of("acks", "1", "isolation.level", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acks, isolation.level");
  }
}
