package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Appends to a broker in this process. A thread of its own does it: the first record goes at once,
 * and what comes while it is being stored goes together, with one fsync for all of it. There is no
 * connection to lose, so nothing is ever sent twice. A disk that hangs holds up whoever waits here;
 * how many those are, and how long they wait, is bounded by those who append.
 */
final class DirectWriter implements LogWriter {

  private static final int BATCH_BYTES = 256 << 10;
  private static final Duration LED_WITHIN = Duration.ofSeconds(2);
  private static final Duration AGAIN = Duration.ofMillis(5);

  private final DirectPartitions partitions;
  private final Duration closeTimeout;
  private final BlockingQueue<Append> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  DirectWriter(DirectPartitions partitions, Duration closeTimeout) {
    this.partitions = partitions;
    this.closeTimeout = closeTimeout;
    this.thread = Thread.ofPlatform().daemon().name("log-appender").start(this::run);
  }

  /** A record on its way; the last one is none and ends the thread. */
  private record Append(
      TopicPartition partition, SimpleRecord record, CompletableFuture<Long> offset) {

    static final Append LAST = new Append(new TopicPartition("", 0), null, null);

    int size() {
      return record.value() == null ? 0 : record.value().remaining();
    }
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    CompletableFuture<Long> offset = new CompletableFuture<>();
    if (closed) {
      offset.completeExceptionally(new LogUnavailableException("the writer was closed"));
    } else {
      queue.add(new Append(KafkaRecords.kafka(partition), KafkaRecords.simple(record), offset));
    }
    return offset;
  }

  @Override
  public void close() {
    closed = true;
    queue.add(Append.LAST);
    try {
      thread.join(closeTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Append left = queue.poll(); left != null; left = queue.poll()) {
      if (left.record() != null) {
        left.offset().completeExceptionally(new LogUnavailableException("the writer was closed"));
      }
    }
  }

  private void run() {
    try {
      for (Append first = queue.take(); first.record() != null; first = queue.take()) {
        append(withThoseBehind(first));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Append> withThoseBehind(Append first) {
    List<Append> batch = new ArrayList<>();
    batch.add(first);
    int size = first.size();
    for (Append next = queue.peek();
        next != null && next.partition().equals(first.partition());
        next = queue.peek()) {
      size += next.size();
      if (size > BATCH_BYTES) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch;
  }

  private void append(List<Append> batch) {
    TopicPartition partition = batch.getFirst().partition();
    try {
      SimpleRecord[] records = batch.stream().map(Append::record).toArray(SimpleRecord[]::new);
      long offset = appendOnceLed(partition, MemoryRecords.withRecords(Compression.NONE, records));
      for (Append append : batch) {
        append.offset().complete(offset++);
      }
    } catch (RecordTooLargeException | RecordBatchTooLargeException e) {
      if (batch.size() > 1) {
        // Only together, perhaps.
        batch.forEach(append -> append(List.of(append)));
      } else {
        fail(batch, e);
      }
    } catch (RuntimeException e) {
      fail(batch, e instanceof KafkaException ? e : new KafkaException(e));
    }
  }

  /** A partition that was made a moment ago is not led yet: then nothing was stored. */
  private long appendOnceLed(TopicPartition partition, MemoryRecords batch) {
    long deadline = System.nanoTime() + LED_WITHIN.toNanos();
    while (true) {
      try {
        return partitions.append(partition, batch);
      } catch (NotLeaderOrFollowerException | UnknownTopicOrPartitionException e) {
        if (closed || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }
  }

  private static void fail(List<Append> batch, RuntimeException e) {
    RuntimeException judged = KafkaFailures.of("appending to " + batch.getFirst().partition(), e);
    batch.forEach(append -> append.offset().completeExceptionally(judged));
  }
}
