package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.kafka.DirectPartitions.Fetched;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Reads from a broker in this process. One question is under way at a time; its answer waits for
 * the next poll. Used by one thread, except {@link #wakeup}.
 */
final class DirectReader implements LogReader {

  private static final Duration QUESTION = Duration.ofMillis(500);
  private static final Duration AGAIN = Duration.ofMillis(5);

  private final DirectPartitions partitions;
  private final IsolationLevel isolation;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private long assignment;
  private boolean asked;

  DirectReader(DirectPartitions partitions, IsolationLevel isolation) {
    this.partitions = partitions;
    this.isolation = isolation;
  }

  /** What came of a question; of none, if somebody only wants a poll to return. */
  private record Answer(long assignment, Map<TopicPartition, Fetched> found, Throwable failure) {
    static final Answer WAKEUP = new Answer(-1, Map.of(), null);
  }

  @Override
  public void assign(Map<Partition, Long> newPositions) {
    positions.clear();
    newPositions.forEach(
        (partition, position) -> positions.put(KafkaRecords.kafka(partition), position));
    assignment++;
    asked = false;
  }

  @Override
  public List<StoredRecord> poll(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      ask();
      Answer answer = await(deadline - System.nanoTime());
      if (answer == null) {
        return List.of();
      }
      if (answer.equals(Answer.WAKEUP)) {
        woken.set(false);
        return List.of();
      }
      List<StoredRecord> records = answer.assignment() == assignment ? take(answer) : List.of();
      if (!records.isEmpty()) {
        return records;
      }
      // A broker that has nothing to wait for answers at once, however often it is asked.
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return List.of();
      }
      if (isTemporary(answer.failure())) {
        LockSupport.parkNanos(Math.min(AGAIN.toNanos(), left));
      }
    }
  }

  @Override
  public long position(Partition partition) {
    Long position = positions.get(KafkaRecords.kafka(partition));
    if (position == null) {
      throw new IllegalStateException(partition + " is not assigned");
    }
    return position;
  }

  @Override
  public void wakeup() {
    if (woken.compareAndSet(false, true)) {
      answers.add(Answer.WAKEUP);
    }
  }

  /** A question under way is answered in time, to nobody. */
  @Override
  public void close() {}

  private void ask() {
    if (asked || positions.isEmpty()) {
      return;
    }
    asked = true;
    long of = assignment;
    CompletableFuture<?> _ =
        partitions
            .read(Map.copyOf(positions), isolation, QUESTION)
            .whenComplete((found, failure) -> answers.add(new Answer(of, found, cause(failure))));
  }

  /** A stage that follows from another one wraps what that one failed with. */
  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
  }

  private Answer await(long nanos) {
    try {
      return answers.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("reading was interrupted", e);
    }
  }

  /** A partition is led by nobody for a moment once it was made, or when the broker was fenced. */
  private static boolean isTemporary(Throwable failure) {
    return failure instanceof RetriableException;
  }

  private List<StoredRecord> take(Answer answer) {
    asked = false;
    if (isTemporary(answer.failure())) {
      return List.of();
    }
    if (answer.failure() != null) {
      throw KafkaFailures.of("reading " + positions.keySet(), answer.failure());
    }
    List<StoredRecord> records = new ArrayList<>();
    answer.found().forEach((partition, found) -> take(partition, found, records));
    return records;
  }

  private void take(TopicPartition partition, Fetched found, List<StoredRecord> into) {
    long position = positions.get(partition);
    long next = position;
    AbortedRecords aborted = new AbortedRecords(found.aborted());
    for (RecordBatch batch : found.records().batches()) {
      batch.ensureValid();
      if (!aborted.contain(batch) && !batch.isControlBatch()) {
        for (Record record : batch) {
          if (record.offset() >= position) {
            into.add(KafkaRecords.stored(partition, record));
          }
        }
      }
      next = Math.max(next, batch.nextOffset());
    }
    positions.put(partition, next);
  }
}
