package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.RecordTooLargeException;
import dev.shiplog.topics.log.TransactionalWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * Writes transactions to a broker in this process. What is appended gathers until there is enough
 * of it, or until it is flushed; then each partition gets one batch at a time. One thread.
 */
final class DirectTransactionalWriter implements TransactionalWriter {

  private static final int BATCH_BYTES = 256 << 10;
  private static final int GATHERED_BYTES = 4 << 20;

  private final String id;
  private final DirectTransactions transactions;
  private final Map<TopicPartition, Queue<Append>> gathered = new LinkedHashMap<>();
  private final Map<TopicPartition, Integer> sequences = new HashMap<>();
  private ProducerIdAndEpoch producer;
  private int gatheredBytes;
  private boolean begun;
  private LogException failure;

  /** Fences every earlier writer with the same id, and ends what it had open. */
  DirectTransactionalWriter(String id, DirectTransactions transactions, Duration timeout) {
    this.id = id;
    this.transactions = transactions;
    try {
      this.producer = transactions.open(id, timeout);
    } catch (KafkaException e) {
      throw failed("opening", e);
    }
  }

  private record Append(SimpleRecord record, CompletableFuture<Long> offset) {
    int size() {
      int value = record.value() == null ? 0 : record.value().remaining();
      return value + (record.key() == null ? 0 : record.key().remaining());
    }
  }

  @Override
  public void begin() {
    requireUsable();
    if (begun) {
      throw new IllegalStateException("a transaction is open already");
    }
    begun = true;
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    requireUsable();
    if (!begun) {
      throw new IllegalStateException("no transaction is open");
    }
    Append append = new Append(KafkaRecords.simple(record), new CompletableFuture<>());
    if (append.size() > TopicCatalogue.MAX_RECORD_BYTES) {
      failure = new RecordTooLargeException(sentence("appending to " + partition), null);
      append.offset().completeExceptionally(failure);
      return append.offset();
    }
    gathered.computeIfAbsent(KafkaRecords.kafka(partition), _ -> new ArrayDeque<>()).add(append);
    gatheredBytes += append.size();
    if (gatheredBytes > GATHERED_BYTES) {
      writeAll();
    }
    return append.offset();
  }

  @Override
  public void flush() {
    requireUsable();
    writeAll();
  }

  @Override
  public void commit() {
    flush();
    end(true);
  }

  @Override
  public void abort() {
    if (failure instanceof FencedException fenced) {
      throw fenced;
    }
    giveUp();
    failure = null;
    end(false);
  }

  @Override
  public void close() {
    if (begun && !(failure instanceof FencedException)) {
      try {
        abort();
      } catch (LogException e) {
        // A successor ends it, or the time-out does.
      }
    }
  }

  private void writeAll() {
    while (!gathered.isEmpty()) {
      Map<TopicPartition, List<Append>> round = new HashMap<>();
      gathered.forEach((partition, queue) -> round.put(partition, batchOf(queue)));
      gathered.values().removeIf(Queue::isEmpty);
      write(round);
    }
    gatheredBytes = 0;
  }

  private static List<Append> batchOf(Queue<Append> queue) {
    List<Append> batch = new ArrayList<>();
    int size = 0;
    for (Append next = queue.peek(); next != null; next = queue.peek()) {
      size += next.size();
      if (size > BATCH_BYTES && !batch.isEmpty()) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch;
  }

  private void write(Map<TopicPartition, List<Append>> round) {
    Map<TopicPartition, MemoryRecords> batches = new HashMap<>();
    round.forEach((partition, appends) -> batches.put(partition, records(partition, appends)));
    Set<TopicPartition> joining = new HashSet<>(round.keySet());
    joining.removeAll(sequences.keySet());
    try {
      Map<TopicPartition, Long> offsets = transactions.append(id, producer, batches, joining);
      round.forEach((partition, appends) -> settle(appends, offsets.get(partition)));
      round.forEach(
          (partition, appends) -> sequences.merge(partition, appends.size(), Integer::sum));
    } catch (KafkaException e) {
      // Whether they joined is not known; ending the transaction is right in either case.
      joining.forEach(partition -> sequences.putIfAbsent(partition, 0));
      LogException judged = failed("appending", e);
      round.values().forEach(appends -> fail(appends, judged));
      giveUp();
      if (judged instanceof FencedException) {
        throw judged;
      }
    }
  }

  private MemoryRecords records(TopicPartition partition, List<Append> appends) {
    return MemoryRecords.withTransactionalRecords(
        Compression.NONE,
        producer.producerId,
        producer.epoch,
        sequences.getOrDefault(partition, 0),
        appends.stream().map(Append::record).toArray(SimpleRecord[]::new));
  }

  private static void settle(List<Append> appends, long first) {
    long offset = first;
    for (Append append : appends) {
      append.offset().complete(offset++);
    }
  }

  private static void fail(Iterable<Append> appends, LogException judged) {
    appends.forEach(append -> append.offset().completeExceptionally(judged));
  }

  private void giveUp() {
    LogException why =
        failure != null ? failure : failed("aborting", new KafkaException("aborted"));
    gathered.values().forEach(queue -> fail(queue, why));
    gathered.clear();
    gatheredBytes = 0;
  }

  /** A transaction in which nothing was written is none. */
  private void end(boolean commit) {
    begun = false;
    if (sequences.isEmpty()) {
      return;
    }
    try {
      producer = transactions.end(id, producer, commit);
      sequences.clear();
    } catch (KafkaException e) {
      throw failed(commit ? "committing" : "aborting", e);
    }
  }

  private void requireUsable() {
    if (failure != null) {
      throw failure;
    }
  }

  private LogException failed(String doing, KafkaException e) {
    failure = KafkaFailures.of(sentence(doing), e);
    return failure;
  }

  private String sentence(String doing) {
    return doing + " as transactional id " + id;
  }
}
