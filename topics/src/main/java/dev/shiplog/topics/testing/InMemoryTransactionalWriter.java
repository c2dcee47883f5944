package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.TransactionalWriter;
import dev.shiplog.topics.testing.LogFaults.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Appends at once and makes it visible on commit. Used by one thread. */
final class InMemoryTransactionalWriter implements TransactionalWriter {

  private static final long NONE = 0;

  private final InMemoryTopics topics;
  private final LogFaults faults;
  private final String id;
  private final int epoch;
  private long transaction = NONE;
  private LogException failure;
  private boolean closed;

  InMemoryTransactionalWriter(InMemoryTopics topics, LogFaults faults, String id) {
    this.topics = topics;
    this.faults = faults;
    this.id = id;
    this.epoch = locked(() -> topics.takeOver(id));
  }

  @Override
  public void begin() {
    if (transaction != NONE) {
      throw new IllegalStateException("the batch before is still open");
    }
    transaction = ifNotFenced(() -> topics.begin(id));
    failure = null;
  }

  @Override
  public CompletableFuture<Long> append(Partition partition, LogRecord record) {
    checkBegun();
    CompletableFuture<Long> answer = new CompletableFuture<>();
    try {
      faults.checkConnected();
      if (faults.nextAppend(partition.topic()).isPresent()) {
        throw new LogUnavailableException("no answer in time");
      }
      answer.complete(ifNotFenced(() -> topics.append(partition, record, transaction)));
    } catch (FencedException e) {
      throw e;
    } catch (LogException e) {
      failure = e;
      answer.completeExceptionally(e);
    }
    return answer;
  }

  @Override
  public void flush() {
    checkBegun();
    faults.checkConnected();
    ifNotFenced(() -> null);
  }

  @Override
  public void commit() {
    checkBegun();
    faults.checkConnected();
    if (failure != null) {
      throw failure;
    }
    switch (faults.nextCommit().orElse(null)) {
      case null -> end(true);
      case Fault.None _ -> end(true);
      case Fault.LoseAnswer _ -> {
        end(true);
        throw new LogUnavailableException("no answer in time");
      }
      case Fault.Fail _, Fault.Duplicate _, Fault.Hold _ ->
          throw new LogUnavailableException("no answer in time");
    }
  }

  @Override
  public void abort() {
    checkBegun();
    faults.checkConnected();
    end(false);
  }

  @Override
  public void close() {
    if (!closed && transaction != NONE && locked(() -> topics.holds(id, epoch))) {
      end(false);
    }
    closed = true;
  }

  private void end(boolean committed) {
    ifNotFenced(() -> {
      topics.end(id, committed);
      return null;
    });
    transaction = NONE;
  }

  private void checkBegun() {
    if (closed || transaction == NONE) {
      throw new IllegalStateException(closed ? "the writer is closed" : "no batch was begun");
    }
  }

  private <T> T ifNotFenced(Supplier<T> action) {
    if (closed) {
      throw new IllegalStateException("the writer is closed");
    }
    return locked(() -> {
      if (!topics.holds(id, epoch)) {
        throw new FencedException("another writer took the transactional id " + id);
      }
      return action.get();
    });
  }

  private <T> T locked(Supplier<T> action) {
    topics.lock.lock();
    try {
      return action.get();
    } finally {
      topics.lock.unlock();
    }
  }
}
