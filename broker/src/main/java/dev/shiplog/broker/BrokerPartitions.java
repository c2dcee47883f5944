package dev.shiplog.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import kafka.server.ReplicaManager;
import kafka.server.ReplicaQuota;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.requests.FetchRequest.PartitionData;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.storage.log.FetchParams;
import org.apache.kafka.server.storage.log.FetchPartitionData;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import scala.Option;
import scala.Tuple2;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The broker's partitions, reached by calls: what its request handlers do once a request has been
 * received and read, and before the answer is written and sent. Any thread.
 */
public final class BrokerPartitions {

  private static final short ALL_REPLICAS = -1;
  private static final int CONSUMER = -1;
  private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(5);
  private static final int ANSWER_SECONDS = 10;
  private static final int PARTITION_BYTES = 4 << 20;
  private static final int ANSWER_BYTES = 32 << 20;

  private static final ReplicaQuota NO_QUOTA =
      new ReplicaQuota() {
        @Override
        public void record(long bytes) {}

        @Override
        public boolean isThrottled(TopicPartition partition) {
          return false;
        }

        @Override
        public boolean isQuotaExceeded() {
          return false;
        }
      };

  private final ReplicaManager replicas;

  BrokerPartitions(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  /**
   * What a reader is given of a partition.
   *
   * @param aborted transactions whose records are among them, for who asked for committed ones
   */
  public record Fetched(Records records, List<AbortedTransaction> aborted) {}

  /** The first offset that is kept; empty if there is no such partition. */
  public OptionalLong start(TopicPartition partition) {
    return ofLog(partition, UnifiedLog::logStartOffset);
  }

  /** The offset before which all that readers may see lies; empty if there is no such partition. */
  public OptionalLong end(TopicPartition partition, IsolationLevel isolation) {
    return ofLog(
        partition,
        isolation == IsolationLevel.READ_COMMITTED
            ? UnifiedLog::lastStableOffset
            : UnifiedLog::highWatermark);
  }

  private OptionalLong ofLog(TopicPartition partition, ToLongFunction<UnifiedLog> question) {
    Option<UnifiedLog> log = replicas.getLog(partition);
    return log.isEmpty() ? OptionalLong.empty() : OptionalLong.of(question.applyAsLong(log.get()));
  }

  /**
   * Appends a batch and waits until it is stored as its topic demands, an fsync included.
   *
   * @return the offset of its first record
   * @throws KafkaException what a producer would be told
   */
  public long append(TopicPartition partition, MemoryRecords batch) {
    return append(Map.of(partition, batch), Map.of()).get(partition);
  }

  /** The same for a batch to each of several partitions, and for what is part of a transaction. */
  Map<TopicPartition, Long> append(
      Map<TopicPartition, MemoryRecords> batches, Map<TopicPartition, VerificationGuard> guards) {
    Map<TopicIdPartition, MemoryRecords> named = new HashMap<>();
    batches.forEach((partition, batch) -> named.put(replicas.topicIdPartition(partition), batch));
    CompletableFuture<Map<TopicIdPartition, PartitionResponse>> answer = new CompletableFuture<>();
    replicas.appendRecords(
        APPEND_TIMEOUT.toMillis(),
        ALL_REPLICAS,
        false,
        AppendOrigin.CLIENT,
        CollectionConverters.asScala(named),
        responses -> {
          answer.complete(CollectionConverters.asJava(responses));
          return BoxedUnit.UNIT;
        },
        replicas.appendRecords$default$7(),
        RequestLocal.noCaching(),
        CollectionConverters.asScala(guards));
    // Readers that wait for the batch are answered here, as a request handler would.
    replicas.tryCompleteActions();
    return offsets(answer);
  }

  /**
   * Reads each partition from an offset on, as soon as one of them has something, or once the time
   * is over. Batches may begin before the offset.
   *
   * @return completed on a thread of the broker or of whoever appends; fails with a {@link
   *     KafkaException}
   */
  public CompletableFuture<Map<TopicPartition, Fetched>> read(
      Map<TopicPartition, Long> positions, IsolationLevel isolation, Duration atMost) {
    FetchParams params =
        new FetchParams(
            CONSUMER,
            -1,
            atMost.toMillis(),
            1,
            ANSWER_BYTES,
            FetchIsolation.of(CONSUMER, isolation),
            Optional.empty());
    List<Tuple2<TopicIdPartition, PartitionData>> asked =
        positions.entrySet().stream().map(at -> asked(at.getKey(), at.getValue())).toList();
    CompletableFuture<Map<TopicPartition, Fetched>> answer = new CompletableFuture<>();
    replicas.fetchMessages(
        params,
        CollectionConverters.asScala(asked).toSeq(),
        NO_QUOTA,
        found -> {
          settle(answer, found);
          return BoxedUnit.UNIT;
        });
    return answer;
  }

  private Tuple2<TopicIdPartition, PartitionData> asked(TopicPartition partition, long offset) {
    TopicIdPartition named = replicas.topicIdPartition(partition);
    return new Tuple2<>(
        named, new PartitionData(named.topicId(), offset, 0, PARTITION_BYTES, Optional.empty()));
  }

  private static void settle(
      CompletableFuture<Map<TopicPartition, Fetched>> answer,
      Seq<Tuple2<TopicIdPartition, FetchPartitionData>> found) {
    Map<TopicPartition, Fetched> records = new HashMap<>();
    for (Tuple2<TopicIdPartition, FetchPartitionData> one : CollectionConverters.asJava(found)) {
      if (one._2().error != Errors.NONE) {
        answer.completeExceptionally(one._2().error.exception());
        return;
      }
      records.put(
          one._1().topicPartition(),
          new Fetched(one._2().records, one._2().abortedTransactions.orElse(List.of())));
    }
    answer.complete(records);
  }

  private static Map<TopicPartition, Long> offsets(
      CompletableFuture<Map<TopicIdPartition, PartitionResponse>> answer) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    responses(answer)
        .forEach((partition, response) -> {
          if (response.error != Errors.NONE) {
            throw response.error.exception(response.errorMessage);
          }
          offsets.put(partition.topicPartition(), response.baseOffset);
        });
    return offsets;
  }

  private static Map<TopicIdPartition, PartitionResponse> responses(
      CompletableFuture<Map<TopicIdPartition, PartitionResponse>> answer) {
    try {
      return answer.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new KafkaException("the broker in this process does not answer", e);
    }
  }
}
