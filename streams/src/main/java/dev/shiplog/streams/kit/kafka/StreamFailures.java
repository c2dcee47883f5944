package dev.shiplog.streams.kit.kafka;

import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jboss.logging.Logger;

/**
 * What becomes of a stream thread that failed. Kafka being out of reach replaces it, as long as
 * that takes. A record that cannot be read is a fault at once: skipping it would hide state. So is
 * anything else that happens again and again.
 */
final class StreamFailures implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = Logger.getLogger(StreamFailures.class);
  private static final int FAILURES_MAX = 5;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final String application;
  private final TopicNames names;
  private final FaultHandler faults;
  private final LongSupplier nanoTime;
  private final Deque<Long> recent = new ArrayDeque<>();

  StreamFailures(String application, TopicNames names, FaultHandler faults, LongSupplier nanoTime) {
    this.application = application;
    this.names = names;
    this.faults = faults;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
    if (hasCause(failure, UncheckedIOException.class)) {
      return stop("cannot read a record of topics " + names.prefix() + ".*", failure);
    }
    if (!hasCause(failure, RetriableException.class) && isOneTooMany()) {
      return stop("failed " + FAILURES_MAX + " times within a minute", failure);
    }
    LOG.warnf(failure, "%s: its stream thread failed and is replaced", application);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse stop(String what, Throwable failure) {
    faults.fault(application + " " + what, failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private boolean isOneTooMany() {
    long now = nanoTime.getAsLong();
    while (!recent.isEmpty() && now - recent.getFirst() > WITHIN.toNanos()) {
      recent.removeFirst();
    }
    recent.add(now);
    return recent.size() >= FAILURES_MAX;
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
