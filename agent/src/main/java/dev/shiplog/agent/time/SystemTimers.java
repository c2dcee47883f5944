package dev.shiplog.agent.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Timers of the machine: one daemon thread for all of a process' nodes. */
public final class SystemTimers implements Timers, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(SystemTimers.class);

  private final ScheduledThreadPoolExecutor executor;
  private final SteadyClock steady = new SteadyClock();

  public SystemTimers() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("agent-timers").daemon().factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Instant steady() {
    return steady.instant();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    ScheduledFuture<?> future =
        executor.schedule(() -> run(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public Timer about(Duration delay, Runnable task) {
    return after(Moments.nearest(steady(), delay), task);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A timer's task failed", e);
    }
  }

  /** Forgets every task that waits. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
