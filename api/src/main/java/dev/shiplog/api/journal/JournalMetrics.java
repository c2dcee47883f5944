package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.log.RecordTooLargeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * What a server counts and measures of the journal. Names begin with {@code shiplog_}, since no
 * other control plane has such a thing. Any thread; nothing is looked up while counting.
 */
final class JournalMetrics {

  /** From 0.1 ms on, each twice the one before, up to 26 s: beyond it nobody waits any more. */
  private static final Duration[] BUCKETS =
      LongStream.range(0, 19)
          .mapToObj(i -> Duration.ofNanos(100_000L << i))
          .toArray(Duration[]::new);

  private final Timer append;
  private final Timer appendToApply;
  private final Timer commit;
  private final Counter committed;
  private final Counter refused;
  private final Counter unknown;
  private final Counter tooLarge;
  private final Counter appendsFailed;
  private final Counter appendsTooLarge;
  private final Counter claims;
  private final Counter commitEntries;
  private final Counter otherEntries;
  private final Counter undecodable;
  private final Counter clockJumps;

  JournalMetrics(MeterRegistry registry) {
    append = timer(registry, "journal.append", "From an append to its acknowledgement by Kafka");
    appendToApply =
        timer(
            registry,
            "journal.append.to.apply",
            "From an append to that its entry came back and was applied");
    commit = timer(registry, "commit", "From a commit's request to its answer, as this server saw");
    committed = commits(registry, "committed");
    refused = commits(registry, "refused");
    unknown = commits(registry, "unknown");
    tooLarge = counter(registry, "refused.too.large", "Changes that were too large to be stored");
    appendsFailed = failures(registry, "unavailable");
    appendsTooLarge = failures(registry, "too_large");
    claims = counter(registry, "journal.claims", "Claims that this server appended");
    commitEntries = entries(registry, "commit");
    otherEntries = entries(registry, "other");
    undecodable =
        counter(registry, "undecodable.records", "Records that could not be decoded; a fault");
    clockJumps = counter(registry, "clock.jumps", "How often the clock of the day was set by far");
  }

  private static Timer timer(MeterRegistry registry, String name, String description) {
    return Timer.builder("shiplog." + name + ".duration")
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("shiplog." + name).description(description).register(registry);
  }

  private static Counter commits(MeterRegistry registry, String result) {
    return Counter.builder("shiplog.commits")
        .description("Commits that were asked of this server, by how they ended")
        .tag("result", result)
        .register(registry);
  }

  private static Counter failures(MeterRegistry registry, String reason) {
    return Counter.builder("shiplog.journal.append.failures")
        .description("Appends to the journal that Kafka did not acknowledge")
        .tag("reason", reason)
        .register(registry);
  }

  private static Counter entries(MeterRegistry registry, String kind) {
    return Counter.builder("shiplog.journal.entries")
        .description("Entries that came from the journal")
        .tag("kind", kind)
        .register(registry);
  }

  /** An append was acknowledged, or not. */
  void appended(long tookNanos, Throwable failure) {
    if (failure == null) {
      append.record(tookNanos, TimeUnit.NANOSECONDS);
    } else if (failure instanceof RecordTooLargeException) {
      appendsTooLarge.increment();
      tooLarge.increment();
    } else {
      appendsFailed.increment();
    }
  }

  /** An entry that was appended here was applied. */
  void applied(long sinceAppendNanos) {
    appendToApply.record(sinceAppendNanos, TimeUnit.NANOSECONDS);
  }

  void claimed() {
    claims.increment();
  }

  /** An entry came from the journal. */
  void read(Entry entry) {
    (entry instanceof Entry.Commit ? commitEntries : otherEntries).increment();
  }

  void undecodable() {
    undecodable.increment();
  }

  /** The clock of the day jumped. */
  void clockWasSet() {
    clockJumps.increment();
  }

  /** A commit was answered. */
  void answered(long tookNanos, Throwable failure) {
    if (failure == null) {
      committed.increment();
      commit.record(tookNanos, TimeUnit.NANOSECONDS);
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ApiFailure known && known.code() == Reason.TIMEOUT.code()) {
      unknown.increment();
    } else {
      refused(cause);
    }
  }

  /** A commit was refused, before or after it came to be decided. */
  void refused(Throwable cause) {
    refused.increment();
    if (cause instanceof ApiFailure known
        && known.code() == Reason.REQUEST_ENTITY_TOO_LARGE.code()) {
      tooLarge.increment();
    }
  }
}
