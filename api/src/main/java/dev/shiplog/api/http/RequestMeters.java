package dev.shiplog.api.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The meters of requests of one sort, found once for each request. Any thread; counting looks
 * nothing up but the code, among the few there ever were.
 */
final class RequestMeters {

  private final boolean lasting;
  private final Timer duration;
  private final AtomicInteger open;
  private final IntFunction<Counter> newCounter;
  private volatile Counted[] counted = {};

  private record Counted(int code, Counter requests) {}

  /**
   * Those of one sort.
   *
   * @param lasting whether such requests go on as long as the client likes: their time says nothing
   * @param open how many of these are open now, if they are lasting
   * @param newCounter makes the counter of those that were answered with a code
   */
  RequestMeters(
      boolean lasting, Timer duration, AtomicInteger open, IntFunction<Counter> newCounter) {
    this.lasting = lasting;
    this.duration = duration;
    this.open = open;
    this.newCounter = newCounter;
  }

  /** The head of an answer leaves. */
  void headSent(int code) {
    if (lasting) {
      of(code).increment();
    }
  }

  /** The last byte of an answer leaves. */
  void answered(int code, long tookNanos) {
    if (!lasting) {
      of(code).increment();
      duration.record(tookNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** One more goes on from here. */
  void opened() {
    open.incrementAndGet();
  }

  /** One that went on has ended. */
  void closed() {
    open.decrementAndGet();
  }

  private Counter of(int code) {
    for (Counted one : counted) {
      if (one.code == code) {
        return one.requests;
      }
    }
    return add(code);
  }

  private synchronized Counter add(int code) {
    Counter counter = newCounter.apply(code);
    Counted[] more = Arrays.copyOf(counted, counted.length + 1);
    more[counted.length] = new Counted(code, counter);
    counted = more;
    return counter;
  }
}
