package dev.shiplog.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import kafka.coordinator.transaction.TransactionCoordinator;
import kafka.server.ReplicaManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The broker's transactions, reached by calls: the coordinator and the partitions do what they do
 * for a producer, fencing and verification included. Any thread, but one at a time for each
 * transactional id.
 */
public final class BrokerTransactions {

  /** As producers of today: a transaction ends with a new epoch, so that nothing late joins in. */
  private static final TransactionVersion VERSION = TransactionVersion.TV_2;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long AGAIN_NANOS = 200_000;
  private static final Set<String> ENDED = Set.of("CompleteCommit", "CompleteAbort", "Empty");

  /** What comes of a transaction that ends, or of a coordinator that loads, in a moment. */
  private static final Set<Errors> TEMPORARY =
      Set.of(
          Errors.CONCURRENT_TRANSACTIONS,
          Errors.COORDINATOR_LOAD_IN_PROGRESS,
          Errors.COORDINATOR_NOT_AVAILABLE,
          Errors.NOT_COORDINATOR);

  private final ReplicaManager replicas;
  private final TransactionCoordinator coordinator;
  private final BrokerPartitions partitions;

  BrokerTransactions(
      ReplicaManager replicas, TransactionCoordinator coordinator, BrokerPartitions partitions) {
    this.replicas = replicas;
    this.coordinator = coordinator;
    this.partitions = partitions;
  }

  /** What the coordinator says to a call. */
  private record Answer(Errors error, ProducerIdAndEpoch producer) {}

  /**
   * Takes a transactional id: fences whoever has it, and ends what that had open.
   *
   * @param timeout after which the broker aborts a transaction that nobody ends
   * @throws KafkaException what a producer would be told
   */
  public ProducerIdAndEpoch open(String id, Duration timeout) {
    return ask(answer ->
        coordinator.handleInitProducerId(
            id,
            Math.toIntExact(timeout.toMillis()),
            false,
            false,
            Option.empty(),
            result -> {
              answer.complete(
                  new Answer(
                      result.error(),
                      new ProducerIdAndEpoch(result.producerId(), result.producerEpoch())));
              return BoxedUnit.UNIT;
            },
            RequestLocal.noCaching()));
  }

  /**
   * Appends a batch to each partition, as part of the id's transaction.
   *
   * @param joining those of the partitions to which nothing was appended in it yet
   * @return the offset of the first record of each batch
   * @throws KafkaException what a producer would be told; then the transaction is to be aborted
   */
  public Map<TopicPartition, Long> append(
      String id,
      ProducerIdAndEpoch producer,
      Map<TopicPartition, MemoryRecords> batches,
      Set<TopicPartition> joining) {
    Map<TopicPartition, VerificationGuard> guards = new HashMap<>();
    if (!joining.isEmpty()) {
      // In this order a transaction that ends between the two is noticed.
      joining.forEach(
          partition -> guards.put(partition, guard(partition, producer, batches.get(partition))));
      join(id, producer, joining);
    }
    return partitions.append(batches, guards);
  }

  /**
   * Commits or aborts and waits until readers can tell.
   *
   * @return what the next transaction is written with
   * @throws KafkaException what a producer would be told
   */
  public ProducerIdAndEpoch end(String id, ProducerIdAndEpoch producer, boolean commit) {
    ProducerIdAndEpoch next =
        ask(answer ->
            coordinator.handleEndTransaction(
                id,
                producer.producerId,
                producer.epoch,
                commit ? TransactionResult.COMMIT : TransactionResult.ABORT,
                VERSION,
                (error, newId, newEpoch) -> {
                  answer.complete(
                      new Answer(error, new ProducerIdAndEpoch((long) newId, (short) newEpoch)));
                  return BoxedUnit.UNIT;
                },
                RequestLocal.noCaching()));
    awaitMarkers(id);
    return next;
  }

  private VerificationGuard guard(
      TopicPartition partition, ProducerIdAndEpoch producer, MemoryRecords batch) {
    int sequence = batch.batches().iterator().next().baseSequence();
    return replicas
        .getPartitionOrException(partition)
        .maybeStartTransactionVerification(producer.producerId, sequence, producer.epoch, true);
  }

  private void join(String id, ProducerIdAndEpoch producer, Set<TopicPartition> joining) {
    ProducerIdAndEpoch _ =
        ask(answer ->
            coordinator.handleAddPartitionsToTransaction(
                id,
                producer.producerId,
                producer.epoch,
                CollectionConverters.asScala(joining),
                error -> {
                  answer.complete(new Answer(error, producer));
                  return BoxedUnit.UNIT;
                },
                VERSION,
                RequestLocal.noCaching()));
  }

  /** The coordinator answers once it has decided; the markers in the partitions come after that. */
  private void awaitMarkers(String id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ENDED.contains(coordinator.handleDescribeTransactions(id).transactionState())) {
      if (System.nanoTime() - deadline > 0) {
        throw new KafkaException("the end of a transaction of " + id + " is not written");
      }
      LockSupport.parkNanos(AGAIN_NANOS);
    }
  }

  private ProducerIdAndEpoch ask(Consumer<CompletableFuture<Answer>> call) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Answer answer = once(call);
      if (answer.error() == Errors.NONE) {
        return answer.producer();
      }
      if (!TEMPORARY.contains(answer.error()) || System.nanoTime() - deadline > 0) {
        throw answer.error().exception();
      }
      LockSupport.parkNanos(AGAIN_NANOS);
    }
  }

  private Answer once(Consumer<CompletableFuture<Answer>> call) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    call.accept(answer);
    // The coordinator answers once its own log has taken the record.
    replicas.tryCompleteActions();
    try {
      return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new KafkaException("the broker in this process does not answer", e);
    }
  }
}
