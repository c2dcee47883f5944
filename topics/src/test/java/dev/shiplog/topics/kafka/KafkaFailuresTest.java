package dev.shiplog.topics.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void saysWhatACallerMayConclude(Throwable failure, Class<? extends LogException> meaning) {
    LogException judged = KafkaFailures.of("appending to t-0", failure);

    assertThat(judged).isInstanceOf(meaning).hasMessageStartingWith("appending to t-0 failed");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new TimeoutException("no answer"), LogUnavailableException.class),
        arguments(new DisconnectException(), LogUnavailableException.class),
        arguments(new NotEnoughReplicasException("1 of 2"), LogUnavailableException.class),
        arguments(new ProducerFencedException("newer"), FencedException.class),
        arguments(new InvalidProducerEpochException("old"), FencedException.class),
        arguments(new OffsetOutOfRangeException(Map.of(PARTITION, 7L)), OffsetLostException.class),
        arguments(new NoOffsetForPartitionException(PARTITION), OffsetLostException.class),
        arguments(
            new org.apache.kafka.common.errors.RecordTooLargeException("9 MB"),
            RecordTooLargeException.class),
        arguments(new InvalidRecordException("no key"), LogConfigurationException.class),
        arguments(new UnknownTopicOrPartitionException("t"), LogConfigurationException.class),
        arguments(new SaslAuthenticationException("who"), LogConfigurationException.class),
        arguments(new TopicAuthorizationException("t"), LogConfigurationException.class));
  }

  @Test
  void looksIntoWhatOnlyWraps() {
    Throwable fenced = new ProducerFencedException("newer");

    assertThat(KafkaFailures.of("x", new ExecutionException(fenced)))
        .isInstanceOf(FencedException.class);
    assertThat(KafkaFailures.of("x", new CompletionException(fenced)))
        .isInstanceOf(FencedException.class);
    assertThat(KafkaFailures.of("x", new KafkaException("error state", fenced)))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void keepsAJudgementThatWasMade() {
    LogException judged = new OffsetLostException("gone");

    assertThat(KafkaFailures.of("x", judged)).isSameAs(judged);
  }

  @Test
  void aMisuseOfTheClientIsABugAndStaysOne() {
    assertThatThrownBy(() -> KafkaFailures.of("x", new IllegalStateException("no transaction")))
        .isInstanceOf(IllegalStateException.class);
  }
}
