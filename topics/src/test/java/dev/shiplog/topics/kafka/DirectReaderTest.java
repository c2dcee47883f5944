package dev.shiplog.topics.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.catalogue.Partition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DirectReaderTest {

  private static final Partition JOURNAL = Partition.only("journal");

  @Test
  void aPollEndsInTimeThoughTheBrokerRefusesAtOnce() {
    DirectReader reader =
        reader(CompletableFuture.failedFuture(new NotLeaderOrFollowerException("fenced")));
    assertThat(reader.poll(Duration.ofMillis(20))).isEmpty();
  }

  @Test
  void aPollEndsInTimeThoughTheBrokerAnswersAtOnceWithNothing() {
    DirectReader reader =
        reader(
            CompletableFuture.completedFuture(
                Map.of(
                    KafkaRecords.kafka(JOURNAL),
                    new DirectPartitions.Fetched(MemoryRecords.EMPTY, List.of()))));
    assertThat(reader.poll(Duration.ofMillis(20))).isEmpty();
    assertThat(reader.position(JOURNAL)).isEqualTo(7);
  }

  private static DirectReader reader(
      CompletableFuture<Map<TopicPartition, DirectPartitions.Fetched>> answer) {
    DirectReader reader = new DirectReader(new Answers(answer), IsolationLevel.READ_UNCOMMITTED);
    reader.assign(Map.of(JOURNAL, 7L));
    return reader;
  }

  /** A broker that knows one answer to everything that is read. */
  private record Answers(CompletableFuture<Map<TopicPartition, DirectPartitions.Fetched>> answer)
      implements DirectPartitions {

    @Override
    public OptionalLong start(TopicPartition partition) {
      return OptionalLong.of(0);
    }

    @Override
    public OptionalLong end(TopicPartition partition, IsolationLevel isolation) {
      return OptionalLong.of(7);
    }

    @Override
    public long append(TopicPartition partition, MemoryRecords batch) {
      throw new UnsupportedOperationException("nothing is written here");
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Fetched>> read(
        Map<TopicPartition, Long> positions, IsolationLevel isolation, Duration atMost) {
      return answer;
    }
  }
}
