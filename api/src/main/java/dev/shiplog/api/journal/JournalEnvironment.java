package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a store runs in.
 *
 * @param log where its topics are; they exist already
 * @param names how they are called
 * @param clock what entries say of the time
 * @param ticker nanoseconds that only ever go forward: what spans are measured by
 * @param random makes ids
 * @param faults told when the journal cannot be applied or read any further
 * @param threads makes the store's few threads
 * @param meters where it counts
 */
public record JournalEnvironment(
    TopicLog log,
    TopicNames names,
    InstantSource clock,
    LongSupplier ticker,
    RandomGenerator random,
    FaultHandler faults,
    ThreadFactory threads,
    MeterRegistry meters) {

  /** One whose counts nobody looks at. */
  public JournalEnvironment(
      TopicLog log,
      TopicNames names,
      InstantSource clock,
      LongSupplier ticker,
      RandomGenerator random,
      FaultHandler faults,
      ThreadFactory threads) {
    this(log, names, clock, ticker, random, faults, threads, new SimpleMeterRegistry());
  }
}
