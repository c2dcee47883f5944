package dev.shiplog.agent.work;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Runs what it is given one after another, in order, on threads of another executor: the owner of
 * an owner-confined state. It holds a thread only while it has something to run, so thousands of
 * them cost little. What a task writes is seen by the next one. Safe for use by many threads. The
 * queue has no bound of its own: whoever may be called without end collapses repeated calls.
 */
public final class SerialExecutor implements Executor {

  private final Executor threads;
  private final Consumer<Throwable> onFailure;

  /** Guarded by itself, as is {@link #running}. */
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>(2);

  private boolean running;

  /**
   * An executor with an empty queue.
   *
   * @param threads once they take nothing more, tasks are dropped: the process or the node ends
   * @param onFailure gets what a task throws, errors too; the next one runs all the same
   */
  public SerialExecutor(Executor threads, Consumer<Throwable> onFailure) {
    this.threads = threads;
    this.onFailure = onFailure;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (queue) {
      queue.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      threads.execute(this::drain);
    } catch (RejectedExecutionException ended) {
      drop();
    }
  }

  private void drop() {
    synchronized (queue) {
      queue.clear();
      running = false;
    }
  }

  private void drain() {
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (Throwable e) {
        onFailure.accept(e);
      }
    }
  }

  private Runnable next() {
    synchronized (queue) {
      Runnable next = queue.poll();
      running = next != null;
      return next;
    }
  }
}
