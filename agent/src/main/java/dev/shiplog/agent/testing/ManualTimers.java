package dev.shiplog.agent.testing;

import dev.shiplog.agent.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Timers that a test moves by hand. Due tasks run on the thread that calls {@link #advance}, in the
 * order they are due, each at its own time. Safe for use by many threads; every field is guarded by
 * this.
 */
public final class ManualTimers implements Timers {

  private final List<Waiting> waiting = new ArrayList<>();
  private Instant now;
  private Duration clockIsAhead = Duration.ZERO;
  private long nextNumber;

  public ManualTimers(Instant start) {
    now = start;
  }

  private record Waiting(Instant due, long number, Runnable task) {}

  @Override
  public synchronized Instant instant() {
    return now.plus(clockIsAhead);
  }

  @Override
  public synchronized Instant steady() {
    return now;
  }

  /** Sets the clock of the day to another time, forward or back: no time passes. */
  public synchronized void setClock(Duration by) {
    clockIsAhead = clockIsAhead.plus(by);
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable task) {
    Instant due = delay.isNegative() ? now : now.plus(delay);
    Waiting added = new Waiting(due, nextNumber++, task);
    waiting.add(added);
    return () -> remove(added);
  }

  /** When the next task is due. */
  public synchronized Optional<Instant> nextDue() {
    return first().map(Waiting::due);
  }

  /** Whether a task is due exactly that long from now. */
  public synchronized boolean hasTimerIn(Duration delay) {
    return waiting.stream().anyMatch(each -> each.due().equals(now.plus(delay)));
  }

  /** Moves the clock and runs what becomes due on the way. */
  public void advance(Duration by) {
    Instant target = steady().plus(by);
    for (Optional<Waiting> due = takeDue(target); due.isPresent(); due = takeDue(target)) {
      due.get().task().run();
    }
    synchronized (this) {
      now = target;
    }
  }

  private synchronized Optional<Waiting> takeDue(Instant until) {
    Optional<Waiting> due = first().filter(each -> !each.due().isAfter(until));
    due.ifPresent(each -> {
      waiting.remove(each);
      now = each.due().isAfter(now) ? each.due() : now;
    });
    return due;
  }

  private Optional<Waiting> first() {
    return waiting.stream()
        .min(Comparator.comparing(Waiting::due).thenComparingLong(Waiting::number));
  }

  private synchronized void remove(Waiting cancelled) {
    waiting.remove(cancelled);
  }
}
