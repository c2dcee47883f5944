package dev.shiplog.example.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Follows the audit topic from its beginning, on a thread of its own. */
@ApplicationScoped
public class AuditTail {

  private static final Logger LOG = Logger.getLogger(AuditTail.class);

  private final AuditTrail trail;
  private final ObjectMapper json;
  private final String kafka;
  private final String prefix;
  private final Optional<Path> properties;
  private volatile KafkaConsumer<byte[], byte[]> consumer;

  AuditTail(
      AuditTrail trail,
      ObjectMapper json,
      @ConfigProperty(name = "audit.kafka", defaultValue = "localhost:9092") String kafka,
      @ConfigProperty(name = "audit.topic-prefix") String prefix,
      @ConfigProperty(name = "audit.kafka-properties") Optional<Path> properties) {
    this.trail = trail;
    this.json = json;
    this.kafka = kafka;
    this.prefix = prefix;
    this.properties = properties;
  }

  void start(@Observes StartupEvent event) throws IOException {
    consumer = open();
    TopicPartition audit = new TopicPartition(prefix + ".audit", 0);
    consumer.assign(List.of(audit));
    consumer.seekToBeginning(List.of(audit));
    Thread.ofPlatform().name("audit-tail").start(this::follow);
  }

  void stop(@Observes ShutdownEvent event) {
    consumer.wakeup();
  }

  private KafkaConsumer<byte[], byte[]> open() throws IOException {
    Properties settings = new Properties();
    if (properties.isPresent()) {
      try (Reader file = Files.newBufferedReader(properties.get())) {
        settings.load(file);
      }
    }
    settings.put("bootstrap.servers", kafka);
    // What a transaction that was given up wrote is not part of the trail.
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    // Old records may expire while they are read: go on with the oldest there is.
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void follow() {
    try (KafkaConsumer<byte[], byte[]> open = consumer) {
      while (true) {
        open.poll(Duration.ofSeconds(1)).forEach(this::take);
      }
    } catch (WakeupException stopping) {
      LOG.debug("stopped");
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode event = json.readTree(record.value());
      trail.add(Change.of(event));
    } catch (IOException | RuntimeException e) {
      LOG.warnf("the record at offset %d is no audit event: %s", record.offset(), e.getMessage());
    }
  }
}
