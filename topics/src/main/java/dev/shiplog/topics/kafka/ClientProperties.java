package dev.shiplog.topics.kafka;

import dev.shiplog.topics.log.Isolation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The properties of each kind of client; every one that differs from the default says why. */
final class ClientProperties {

  /** More than an entry with the largest object before and after takes. */
  private static final int LARGEST_REQUEST_BYTES = 16 << 20;

  private final KafkaSettings settings;

  ClientProperties(KafkaSettings settings) {
    this.settings = settings;
  }

  Map<String, Object> admin() {
    Map<String, Object> all = common();
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.callTimeout().dividedBy(2)));
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.callTimeout()));
    return all;
  }

  Map<String, Object> writer() {
    Map<String, Object> all = common();
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // A write waits for nobody: batches form by themselves while requests are in flight.
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST_BYTES);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    // Images before and after differ little; this halves the journal for microseconds of CPU.
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // An append blocks its caller no longer than it takes to notice that Kafka is gone.
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) ms(settings.deliveryTimeout()));
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.deliveryTimeout()) / 2);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ms(settings.deliveryTimeout()));
    all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20L);
    return all;
  }

  Map<String, Object> transactionalWriter(String transactionalId) {
    Map<String, Object> all = writer();
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    // What a dead writer left open holds up every reader of its partitions for this long at most.
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    // Off the write path: a call may wait longer here than a client's request would.
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) ms(settings.callTimeout()));
    return all;
  }

  Map<String, Object> reader(Isolation isolation) {
    Map<String, Object> all = common();
    all.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        switch (isolation) {
          case READ_COMMITTED -> "read_committed";
          case READ_UNCOMMITTED -> "read_uncommitted";
        });
    // A lost offset must stop the reader, never make it skip.
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    all.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 20L);
    all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(settings.callTimeout()));
    all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(settings.callTimeout()));
    return all;
  }

  private Map<String, Object> common() {
    Map<String, Object> all = new HashMap<>(settings.security());
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    all.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 50L);
    all.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
    // Nobody reads the JMX beans each client would register.
    all.put("auto.include.jmx.reporter", "false");
    all.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
    all.put("enable.metrics.push", "false");
    return all;
  }

  private static int ms(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
