package dev.shiplog.topics.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.TopicLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledBrokerIT {

  @TempDir private Path directory;

  @Test
  void everythingAcknowledgedIsThereAfterAKillAndWhatWasOpenIsAborted() throws Exception {
    killOne();

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        TopicLog log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()))) {
      log.openTransactionalWriter("t").close();

      assertThat(committed(log))
          .isEqualTo(IntStream.range(0, KilledBroker.RECORDS).mapToObj(i -> "v" + i).toList());
      try (LogWriter writer = log.openWriter()) {
        assertThat(
                writer
                    .append(KilledBroker.PARTITION, LogRecord.of(null, "next".getBytes(UTF_8), 1))
                    .join())
            .isGreaterThan(KilledBroker.RECORDS);
      }
    }
  }

  private void killOne() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBroker.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(137);
  }

  private static List<String> committed(TopicLog log) {
    long end = log.end(KilledBroker.PARTITION, Isolation.READ_COMMITTED);
    List<String> values = new ArrayList<>();
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(KilledBroker.PARTITION, 0L));
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInSameThread()
          .until(() -> {
            reader
                .poll(Duration.ofMillis(200))
                .forEach(read -> values.add(new String(read.record().value(), UTF_8)));
            return reader.position(KilledBroker.PARTITION) >= end;
          });
    }
    return values;
  }
}
