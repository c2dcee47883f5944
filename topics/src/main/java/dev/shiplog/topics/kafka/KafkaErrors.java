package dev.shiplog.topics.kafka;

import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The one place that judges Kafka's exceptions: what may a caller conclude from each. */
final class KafkaErrors {

  private KafkaErrors() {}

  /**
   * Translates an exception.
   *
   * @param doing what was tried, for the message
   */
  static LogException translate(String doing, Throwable thrown) {
    Throwable cause = cause(thrown);
    String message = doing + ": " + describe(cause);
    return switch (cause) {
      case LogException already -> already;
      case ProducerFencedException _, InvalidProducerEpochException _ ->
          new FencedException(message, cause);
      case org.apache.kafka.common.errors.RecordTooLargeException _,
          RecordBatchTooLargeException _ ->
          new RecordTooLargeException(message, cause);
      case OffsetOutOfRangeException _,
          NoOffsetForPartitionException _,
          org.apache.kafka.common.errors.OffsetOutOfRangeException _ ->
          new OffsetLostException(message, cause);
      case UnknownTopicOrPartitionException _,
          PolicyViolationException _,
          // Also missing rights, missing keys in compacted topics, and brokers that are too old.
          InvalidConfigurationException _ ->
          new LogConfigurationException(message, cause);
      default -> new LogUnavailableException(message, cause);
    };
  }

  /**
   * The first exception that says something: wrappers and Kafka's own "transaction failed" do not.
   */
  private static Throwable cause(Throwable thrown) {
    Throwable found = thrown;
    while (found.getCause() != null
        && (found instanceof ExecutionException
            || found instanceof CompletionException
            || found.getClass().equals(org.apache.kafka.common.KafkaException.class))) {
      found = found.getCause();
    }
    return found;
  }

  private static String describe(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
