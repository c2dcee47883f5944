package dev.shiplog.e2e.consistency;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The pace of a client: how long it thinks between two questions, and when it ends. Clients that
 * never think take the processors from the servers and from the tests beside them, and show no more
 * faults for it; {@code -Dhistory.think=0} lets them, for a long run.
 *
 * <p>Any thread may end it.
 */
public final class Pace {

  private static final long THINK_MILLIS = Long.getLong("history.think", 50);

  private final CountDownLatch ended = new CountDownLatch(1);

  /** Waits as long as a client thinks, or until it ends; false if it ended. */
  public boolean next() throws InterruptedException {
    return !ended.await(THINK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Ends the client after the question that it asks now. */
  public void end() {
    ended.countDown();
  }
}
