package dev.shiplog.topics.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that stores records in a broker of its own, leaves a batch open, and dies. */
final class KilledBroker {

  static final Partition PARTITION = Partition.only("journal");
  static final int RECORDS = 500;

  private KilledBroker() {}

  public static void main(String[] args) {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]));
    TopicLog log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()));
    log.ensureTopics(List.of(new TopicSpec(PARTITION.topic(), 1, Map.of())));
    LogWriter writer = log.openWriter();
    for (int i = 0; i < RECORDS; i++) {
      writer.append(PARTITION, LogRecord.of(null, ("v" + i).getBytes(UTF_8), 1)).join();
    }
    TransactionalWriter batches = log.openTransactionalWriter("t");
    batches.begin();
    batches.append(PARTITION, LogRecord.of(null, "open".getBytes(UTF_8), 1)).join();
    Runtime.getRuntime().halt(137);
  }
}
