package dev.shiplog.topics.kafka;

import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The one place that judges Kafka's exceptions: what each lets a caller of the log conclude. */
final class KafkaFailures {

  private KafkaFailures() {}

  /**
   * What the failure means.
   *
   * @param doing what was tried, to begin a sentence with: "appending to x"
   */
  static LogException of(String doing, Throwable failure) {
    return switch (failure) {
      case LogException judged -> judged;
      case ExecutionException e -> of(doing, e.getCause());
      case CompletionException e -> of(doing, e.getCause());
      case org.apache.kafka.common.errors.RecordTooLargeException e ->
          new RecordTooLargeException(text(doing, e), e);
      case RecordBatchTooLargeException e -> new RecordTooLargeException(text(doing, e), e);
      case ProducerFencedException e -> new FencedException(text(doing, e), e);
      case InvalidProducerEpochException e -> new FencedException(text(doing, e), e);
      case InvalidOffsetException e -> new OffsetLostException(text(doing, e), e);
      case OffsetOutOfRangeException e -> new OffsetLostException(text(doing, e), e);
      case KafkaException e when isConfiguration(e) ->
          new LogConfigurationException(text(doing, e), e);
      case KafkaException e when isWrapper(e) -> of(doing, e.getCause());
      case IllegalStateException e -> throw e;
      case IllegalArgumentException e -> throw e;
      case null -> new LogUnavailableException(doing + " failed");
      default -> new LogUnavailableException(text(doing, failure), failure);
    };
  }

  /** Repeating the call does not help: somebody has to change something. */
  private static boolean isConfiguration(KafkaException e) {
    return e instanceof AuthenticationException
        || e instanceof AuthorizationException
        || e instanceof SecurityDisabledException
        || e instanceof UnsupportedVersionException
        || e instanceof InvalidConfigurationException
        || e instanceof InvalidTopicException
        || e instanceof InvalidPartitionsException
        || e instanceof InvalidReplicationFactorException
        || e instanceof PolicyViolationException
        || e instanceof UnknownTopicOrPartitionException
        || e instanceof org.apache.kafka.common.InvalidRecordException
        || e instanceof ConfigException;
  }

  /** A client in an error state throws a plain exception around the one that led there. */
  private static boolean isWrapper(KafkaException e) {
    return e.getClass() == KafkaException.class && e.getCause() != null;
  }

  private static String text(String doing, Throwable failure) {
    String message = failure.getMessage();
    String what = failure.getClass().getSimpleName().replaceAll("Exception$", "");
    return doing + " failed: " + (message == null ? what : message);
  }
}
