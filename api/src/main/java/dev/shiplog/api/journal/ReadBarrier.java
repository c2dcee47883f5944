package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes reads linearizable: each waits until everything has been applied that was acknowledged, by
 * any server, before it came. That is found out by a question to the log. One question is under way
 * at a time, and a read joins only one that is asked after it came; so a question serves all the
 * reads that came during the one before. Any thread; nobody blocks.
 */
final class ReadBarrier {

  private final View view;
  private final Consumer<Waiters.Waiter> positions;
  private final Supplier<CompletableFuture<Long>> question;
  private final LongSupplier ticker;
  private final long timeoutNanos;
  private final int maxWaiting;
  private List<CompletableFuture<Snapshot>> waiting = new ArrayList<>();
  private boolean asking;
  private int outstanding;

  /**
   * Makes a barrier.
   *
   * @param positions takes those who wait until the journal is applied up to an offset
   * @param question asks the log; the answer is an offset such that whoever has applied everything
   *     before it has seen all that was acknowledged before the question
   */
  ReadBarrier(
      View view,
      Consumer<Waiters.Waiter> positions,
      Supplier<CompletableFuture<Long>> question,
      LongSupplier ticker,
      JournalSettings settings) {
    this.view = view;
    this.positions = positions;
    this.question = question;
    this.ticker = ticker;
    this.timeoutNanos = settings.readTimeout().toNanos();
    this.maxWaiting = settings.maxWaitingReads();
  }

  CompletableFuture<Snapshot> read() {
    CompletableFuture<Snapshot> read = new CompletableFuture<>();
    synchronized (this) {
      if (outstanding >= maxWaiting) {
        return CompletableFuture.failedFuture(Admission.tooManyRequests());
      }
      outstanding++;
      waiting.add(read);
      if (asking) {
        return read;
      }
      asking = true;
    }
    ask();
    return read;
  }

  private void ask() {
    List<CompletableFuture<Snapshot>> reads;
    synchronized (this) {
      reads = waiting;
      waiting = new ArrayList<>();
    }
    CompletableFuture<Long> _ =
        question.get().whenComplete((offset, failure) -> answered(reads, offset, failure));
  }

  private void answered(List<CompletableFuture<Snapshot>> reads, Long offset, Throwable failure) {
    askAgain();
    if (failure != null) {
      fail(reads, Failures.unavailable("the log does not answer: " + failure.getMessage()));
    } else if (view.position() >= offset) {
      complete(reads);
    } else {
      long deadline = ticker.getAsLong() + timeoutNanos;
      positions.accept(new Waiters.Waiter(offset, deadline, reached -> settle(reads, reached)));
    }
  }

  private void askAgain() {
    synchronized (this) {
      asking = !waiting.isEmpty();
      if (!asking) {
        return;
      }
    }
    ask();
  }

  private void settle(List<CompletableFuture<Snapshot>> reads, boolean reached) {
    if (reached) {
      complete(reads);
    } else {
      fail(
          reads,
          Failures.timeout("this API server did not catch up with the journal in time; try again"));
    }
  }

  private void complete(List<CompletableFuture<Snapshot>> reads) {
    Snapshot snapshot = view.current();
    left(reads.size());
    reads.forEach(read -> read.complete(snapshot));
  }

  private void fail(List<CompletableFuture<Snapshot>> reads, ApiFailure failure) {
    left(reads.size());
    reads.forEach(read -> read.completeExceptionally(failure));
  }

  private synchronized void left(int count) {
    outstanding -= count;
  }
}
