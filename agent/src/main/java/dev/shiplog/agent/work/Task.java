package dev.shiplog.agent.work;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Blocking work beside its owner: it runs on a thread of its own, and its end is told to the
 * owner's executor. Cancelling interrupts it; its end is told all the same, once it has really
 * ended.
 *
 * <p>Guarded by this: {@link #thread} and {@link #cancelled}, so that an interrupt never hits a
 * thread that went on to other work.
 */
public final class Task {

  private Thread thread;
  private boolean cancelled;

  private Task() {}

  /** What a task does; it may block and is to end soon when interrupted. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws InterruptedException;
  }

  /** How a task ended. */
  public sealed interface Result<T> {}

  /** It returned a value. */
  public record Done<T>(T value) implements Result<T> {}

  /** It threw. */
  public record Failed<T>(Throwable cause) implements Result<T> {}

  /**
   * Starts the work.
   *
   * @param threads where it runs; once they take nothing more it is as if it had been interrupted
   *     at once
   * @param owner where its end is told
   * @param onEnd told exactly once
   */
  public static <T> Task start(
      Executor threads, Executor owner, Work<T> work, Consumer<Result<T>> onEnd) {
    Task task = new Task();
    try {
      threads.execute(() -> {
        Result<T> result = task.run(work);
        owner.execute(() -> onEnd.accept(result));
      });
    } catch (RejectedExecutionException ended) {
      owner.execute(() -> onEnd.accept(new Failed<>(new InterruptedException("the node ends"))));
    }
    return task;
  }

  /** Interrupts the work, also if it has not begun yet. */
  public synchronized void cancel() {
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @SuppressWarnings({"Interruption", "InterruptedExceptionSwallowed"}) // told as the result
  private <T> Result<T> run(Work<T> work) {
    begin();
    try {
      return new Done<>(work.run());
    } catch (Throwable e) {
      return new Failed<>(e);
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    if (cancelled) {
      thread.interrupt();
    }
  }

  private synchronized void end() {
    thread = null;
    boolean wasInterrupted = Thread.interrupted();
    cancelled |= wasInterrupted;
  }
}
