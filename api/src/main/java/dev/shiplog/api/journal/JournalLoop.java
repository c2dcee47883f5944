package dev.shiplog.api.journal;

import dev.shiplog.api.view.View;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.fault.Pulse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The one thread that owns the journal: it takes what others put into its inbox, a batch at a time,
 * then publishes and answers once for all of it. The inbox itself has no bound; what each of those
 * who fill it may have in there does.
 */
final class JournalLoop implements Runnable {

  private static final int BATCH = 512;

  /** How precise heartbeats and time-outs are. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final BlockingQueue<Input> inbox = new LinkedBlockingQueue<>();
  private final Waiters revisions = new Waiters();
  private final Waiters positions = new Waiters();
  private final View view;
  private final LongSupplier ticker;
  private final FaultHandler faults;
  private Journal journal;
  private ClockWatch clock;
  private boolean stopping;
  private volatile boolean ended;
  private final Pulse pulse;

  JournalLoop(View view, LongSupplier ticker, FaultHandler faults) {
    this.view = view;
    this.ticker = ticker;
    this.faults = faults;
    this.pulse = new Pulse(ticker);
  }

  /** Whether the loop turns. Any thread. */
  boolean isTurning() {
    return pulse.isThere();
  }

  /** Sets what the loop drives, and what looks at the clock; before its thread starts. */
  void drive(Journal driven, ClockWatch watch) {
    this.journal = driven;
    this.clock = watch;
  }

  /** Puts something into the inbox. Any thread; never blocks. */
  void submit(Input input) {
    inbox.add(input);
    if (ended) {
      refuseRest();
    }
  }

  /** Lets somebody wait until a revision was applied. Any thread. */
  void awaitRevision(Waiters.Waiter waiter) {
    submit((_, _) -> await(waiter, revisions, view.current().revision()));
  }

  /** Lets somebody wait until the journal was applied up to an offset. Any thread. */
  void awaitPosition(Waiters.Waiter waiter) {
    submit((_, _) -> await(waiter, positions, view.position()));
  }

  /** Ends the loop once it has done what is in its inbox. */
  void stop() {
    submit((_, _) -> stopping = true);
  }

  @Override
  public void run() {
    try {
      loop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      faults.fault("the journal could not be applied; this server stops", e);
    } finally {
      journal.close();
      pulse.rest();
      ended = true;
      refuseRest();
    }
  }

  /** The journal is closed: whatever comes now gets its refusal. */
  private synchronized void refuseRest() {
    for (Input input = inbox.poll(); input != null; input = inbox.poll()) {
      input.handle(journal, ticker.getAsLong());
    }
    journal.flush();
    revisions.giveUp();
    positions.giveUp();
  }

  private void loop() throws InterruptedException {
    List<Input> batch = new ArrayList<>(BATCH);
    long lastTick = ticker.getAsLong();
    while (!stopping) {
      take(batch);
      long now = ticker.getAsLong();
      for (Input input : batch) {
        input.handle(journal, now);
      }
      batch.clear();
      if (now - lastTick >= TICK_NANOS) {
        lastTick = now;
        pulse.beat();
        tick(now);
      }
      flush();
    }
  }

  private void take(List<Input> batch) throws InterruptedException {
    Input first = inbox.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
    if (first != null) {
      batch.add(first);
      inbox.drainTo(batch, BATCH - 1);
    }
  }

  private void tick(long now) {
    journal.tick(now);
    clock.look();
    revisions.expire(now);
    positions.expire(now);
  }

  private void flush() {
    if (journal.flush()) {
      revisions.reached(view.current().revision());
      positions.reached(view.position());
    }
  }

  private static void await(Waiters.Waiter waiter, Waiters waiters, long reached) {
    if (waiter.target() <= reached) {
      waiter.reached().accept(true);
    } else {
      waiters.add(waiter);
    }
  }
}
