package dev.shiplog.api.projection;

import dev.shiplog.api.journal.LeadershipListener;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.TopicLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Projects while this server leads. Leadership only says when to start and to stop: what is
 * projected follows from the journal alone, and a projector that is late to notice its successor is
 * fenced by it.
 *
 * <p>{@code current} is written by the journal's thread and {@link #close}; each {@link Work}
 * belongs to a thread of its own, and the next one's first act fences it.
 */
public final class Projector implements LeadershipListener, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Projector.class);
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  private final TopicLog log;
  private final TopicNames names;
  private final ProjectionSettings settings;
  private final InstantSource clock;
  private final FaultHandler faults;
  private final ThreadFactory threads;
  private Work current;

  public Projector(
      TopicLog log,
      TopicNames names,
      ProjectionSettings settings,
      InstantSource clock,
      FaultHandler faults,
      ThreadFactory threads) {
    this.log = log;
    this.names = names;
    this.settings = settings;
    this.clock = clock;
    this.faults = faults;
    this.threads = threads;
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

  /** Stops projecting and waits a bounded time for the transaction under way. */
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
    private volatile ProjectionRun run;

    @Override
    public void run() {
      try {
        while (!stopped) {
          projectUntilFailure();
        }
      } catch (RuntimeException e) {
        if (!stopped) {
          faults.fault("the journal cannot be projected any further", e);
        }
      } finally {
        ended = true;
      }
    }

    private void projectUntilFailure() {
      try (ProjectionRun opened = new ProjectionRun(log, names, settings, clock)) {
        run = opened;
        while (!stopped) {
          opened.step();
        }
      } catch (FencedException e) {
        LOG.info("another API server projects the journal from here on");
        stopped = true;
      } catch (LogUnavailableException e) {
        again(e);
      } catch (CompletionException e) {
        afterFailedAppend(e);
      } finally {
        run = null;
      }
    }

    private void afterFailedAppend(CompletionException e) {
      switch (e.getCause()) {
        case FencedException _ -> stopped = true;
        case LogUnavailableException unavailable -> again(unavailable);
        case null, default -> throw e;
      }
    }

    private void again(LogUnavailableException e) {
      if (stopped) {
        return;
      }
      LOG.warnf("projecting stopped for now and is tried again: %s", e.getMessage());
      try {
        if (stop.await(settings.retryAfter().toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.debug("told to stop while waiting");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        stopped = true;
      }
    }

    private void stop() {
      stopped = true;
      ProjectionRun running = run;
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
