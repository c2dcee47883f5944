package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Appends to the log, and puts what fails into the loop's inbox. The loop's thread alone. */
final class LogAppender implements Appender {

  /** A power of two, and more than are ever under way; else a time is measured too short. */
  private static final int REMEMBERED = 1 << 12;

  private final LogWriter writer;
  private final Partition journal;
  private final InstantSource clock;
  private final Consumer<Input> inbox;
  private final LongSupplier ticker;
  private final JournalMetrics metrics;
  private final long[] appendedNanos = new long[REMEMBERED];

  /** One that is not measured. */
  LogAppender(LogWriter writer, Partition journal, InstantSource clock, Consumer<Input> inbox) {
    this(writer, journal, clock, inbox, () -> 0, new JournalMetrics(new SimpleMeterRegistry()));
  }

  LogAppender(
      LogWriter writer,
      Partition journal,
      InstantSource clock,
      Consumer<Input> inbox,
      LongSupplier ticker,
      JournalMetrics metrics) {
    this.ticker = ticker;
    this.metrics = metrics;
    this.writer = writer;
    this.journal = journal;
    this.clock = clock;
    this.inbox = inbox;
  }

  @Override
  public void append(byte[] value, long epoch, long sequence, String traceparent) {
    appendedNanos[slot(sequence)] = ticker.getAsLong();
    send(
        value,
        traceparent,
        (journal, cause, now) -> journal.appendFailed(epoch, sequence, cause, now));
  }

  @Override
  public void applied(long sequence) {
    metrics.applied(ticker.getAsLong() - appendedNanos[slot(sequence)]);
  }

  private static int slot(long sequence) {
    return (int) sequence & (REMEMBERED - 1);
  }

  @Override
  public void claim(Entry.Claim claim) {
    metrics.claimed();
    send(
        EntryCodec.encode(claim),
        null,
        (journal, cause, now) -> journal.claimFailed(claim.epoch(), cause, now));
  }

  private interface OnFailure {
    void failed(Journal journal, Throwable cause, long nowNanos);
  }

  private static Map<String, byte[]> headers(String traceparent) {
    return traceparent == null
        ? Map.of()
        : Map.of(RecordHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
  }

  private void send(byte[] value, String traceparent, OnFailure onFailure) {
    long since = ticker.getAsLong();
    Step step = Tracing.here().follow("append to journal", SpanKind.PRODUCER, traceparent);
    CompletableFuture<Long> _ =
        writer
            .append(journal, new LogRecord(null, value, clock.millis(), headers(traceparent)))
            .whenComplete((_, failure) -> report(failure, onFailure, since, step));
  }

  private void report(Throwable failure, OnFailure onFailure, long since, Step step) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    metrics.appended(ticker.getAsLong() - since, cause);
    step.endedWith(cause);
    if (cause != null) {
      inbox.accept((machine, now) -> onFailure.failed(machine, cause, now));
    }
  }
}
