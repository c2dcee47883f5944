package dev.shiplog.api.journal;

import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Work that the leader does beside deciding, on a thread of its own, for as long as it leads. A run
 * that fails because the log does is opened again, from the log; so is one that was fenced while
 * this server still leads: a deposed leader that has not noticed yet may open one too, and of the
 * two only the one that leads goes on opening. Anything else is a fault.
 *
 * <p>{@code current} is guarded by this; what a {@link Run} holds belongs to its thread.
 */
public final class LeaderTask implements LeadershipListener, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LeaderTask.class);
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  private final String name;
  private final Supplier<Run> open;
  private final Duration retryAfter;
  private final FaultHandler faults;
  private final ThreadFactory threads;
  private Work current;

  /**
   * Makes a task that does nothing until this server leads.
   *
   * @param name what it does, to begin a sentence with: "projecting the journal"
   * @param open opens a run, on the task's thread
   * @param retryAfter pause before a run is opened again
   */
  public LeaderTask(
      String name,
      Supplier<Run> open,
      Duration retryAfter,
      FaultHandler faults,
      ThreadFactory threads) {
    this.name = name;
    this.open = open;
    this.retryAfter = retryAfter;
    this.faults = faults;
    this.threads = threads;
  }

  /** What is done, from one opening to the next failure. One thread, but for {@link #wakeup}. */
  public interface Run extends AutoCloseable {

    /** Does some of it, or waits a moment for something to do. */
    void step();

    /** How long to wait before the next step, so that it finds more to do at once. */
    default Duration rest() {
      return Duration.ZERO;
    }

    /** Makes a step under way, or the next one, return soon. Any thread. */
    void wakeup();

    @Override
    void close();
  }

  @Override
  public synchronized void becameLeader(long epoch) {
    if (current == null || current.ended) {
      current = new Work();
      current.thread.start();
    }
  }

  @Override
  public synchronized void lostLeadership() {
    if (current != null) {
      current.stop();
      current = null;
    }
  }

  /** Stops and waits a bounded time for the step under way. */
  @Override
  public void close() {
    Work last;
    synchronized (this) {
      last = current;
      lostLeadership();
    }
    if (last != null) {
      last.join();
    }
  }

  private final class Work implements Runnable {

    private final Thread thread = threads.newThread(this);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile boolean ended;
    private volatile Run run;

    @Override
    public void run() {
      try {
        while (!stopped) {
          runUntilFailure();
        }
      } catch (RuntimeException e) {
        if (!stopped) {
          faults.fault(name + " failed; this server stops", e);
        }
      } finally {
        ended = true;
      }
    }

    private void runUntilFailure() {
      try (Run opened = open.get()) {
        run = opened;
        while (!stopped) {
          opened.step();
          pause(opened.rest());
        }
      } catch (LogException e) {
        judge(e);
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof LogException cause)) {
          throw e;
        }
        judge(cause);
      } finally {
        run = null;
      }
    }

    private void judge(LogException e) {
      if (!(e instanceof LogUnavailableException || e instanceof FencedException)) {
        throw e;
      }
      if (!stopped) {
        LOG.warnf("%s stopped for now and is begun again: %s", name, e.getMessage());
        pause(retryAfter);
      }
    }

    private void pause(Duration time) {
      if (time.isZero()) {
        return;
      }
      try {
        stopped |= stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        stopped = true;
      }
    }

    private void stop() {
      stopped = true;
      Run running = run;
      if (running != null) {
        running.wakeup();
      }
      stop.countDown();
    }

    private void join() {
      try {
        thread.join(STOP_BOUND);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
