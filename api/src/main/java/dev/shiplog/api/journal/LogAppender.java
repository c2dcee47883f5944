package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Appends to the log, and puts what fails into the loop's inbox. The loop's thread alone. */
final class LogAppender implements Appender {

  private final LogWriter writer;
  private final Partition journal;
  private final InstantSource clock;
  private final Consumer<Input> inbox;

  LogAppender(LogWriter writer, Partition journal, InstantSource clock, Consumer<Input> inbox) {
    this.writer = writer;
    this.journal = journal;
    this.clock = clock;
    this.inbox = inbox;
  }

  @Override
  public void append(byte[] value, long epoch, long sequence) {
    send(value, (journal, cause, now) -> journal.appendFailed(epoch, sequence, cause, now));
  }

  @Override
  public void claim(Entry.Claim claim) {
    send(
        EntryCodec.encode(claim),
        (journal, cause, now) -> journal.claimFailed(claim.epoch(), cause, now));
  }

  private interface OnFailure {
    void failed(Journal journal, Throwable cause, long nowNanos);
  }

  private void send(byte[] value, OnFailure onFailure) {
    CompletableFuture<Long> _ =
        writer
            .append(journal, LogRecord.of(null, value, clock.millis()))
            .whenComplete((_, failure) -> report(failure, onFailure));
  }

  private void report(Throwable failure, OnFailure onFailure) {
    if (failure != null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      inbox.accept((machine, now) -> onFailure.failed(machine, cause, now));
    }
  }
}
