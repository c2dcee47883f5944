package dev.shiplog.agent.work;

import dev.shiplog.agent.time.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Runs blocking work at once and then again and again, never twice at a time. The pause between the
 * end of one run and the next varies a little, so that many processes do not act in step; the nodes
 * of one process are brought together again, in small groups, by its timers. Safe for use by many
 * threads; the fields below the constructor are guarded by this.
 */
public final class Periodic implements AutoCloseable {

  private static final double JITTER = 0.04;

  private final Timers timers;
  private final Executor owner;
  private final RandomGenerator random;
  private final Duration pause;
  private final Runnable work;

  private Timers.Timer timer = () -> {};
  private boolean closed;

  /**
   * A period that does not run until it is started.
   *
   * @param owner runs the work, one thing after another
   */
  public Periodic(
      Timers timers, Executor owner, RandomGenerator random, Duration pause, Runnable work) {
    this.timers = timers;
    this.owner = owner;
    this.random = random;
    this.pause = pause;
    this.work = work;
  }

  /** Runs the work now; if it ran before, the pause begins anew after it. */
  public void runNow() {
    owner.execute(this::run);
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.cancel();
  }

  private void run() {
    if (begin()) {
      try {
        work.run();
      } finally {
        schedule();
      }
    }
  }

  private synchronized boolean begin() {
    timer.cancel();
    return !closed;
  }

  private synchronized void schedule() {
    if (!closed) {
      double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
      timer = timers.about(Duration.ofNanos((long) (pause.toNanos() * factor)), this::runNow);
    }
  }
}
