package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.testing.LogFaults.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Appends at once, on the caller's thread, unless a fault says otherwise. */
final class InMemoryWriter implements LogWriter {

  private final InMemoryTopics topics;
  private final LogFaults faults;
  private final AtomicBoolean closed = new AtomicBoolean();

  InMemoryWriter(InMemoryTopics topics, LogFaults faults) {
    this.topics = topics;
    this.faults = faults;
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    if (closed.get()) {
      throw new IllegalStateException("the writer is closed");
    }
    CompletableFuture<Long> answer = new CompletableFuture<>();
    try {
      faults.checkConnected();
    } catch (LogUnavailableException e) {
      answer.completeExceptionally(e);
      return answer;
    }
    Runnable store = () -> store(partition, record, answer);
    switch (faults.nextAppend(partition.topic()).orElse(null)) {
      case null -> store.run();
      case Fault.None _ -> store.run();
      case Fault.Fail _ -> answer.completeExceptionally(unknown());
      case Fault.LoseAnswer _ -> {
        store(partition, record, new CompletableFuture<>());
        answer.completeExceptionally(unknown());
      }
      case Fault.Duplicate _ -> {
        store(partition, record, new CompletableFuture<>());
        store.run();
      }
      case Fault.Hold(HeldAppend held) -> held.hold(store, answer);
    }
    return answer;
  }

  @Override
  public void close() {
    closed.set(true);
  }

  private void store(Partition partition, LogRecord record, CompletableFuture<Long> answer) {
    long offset;
    topics.lock.lock();
    try {
      offset = topics.append(partition, record, InMemoryPartition.NO_TRANSACTION);
    } catch (LogException e) {
      answer.completeExceptionally(e);
      return;
    } finally {
      topics.lock.unlock();
    }
    // Outside the lock: what waits for the answer may use the log again.
    answer.complete(offset);
  }

  private static LogUnavailableException unknown() {
    return new LogUnavailableException("no answer in time");
  }
}
