package dev.shiplog.standalone.memory;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a process' memory near what it needs. The collectors that cost least on few cores let the
 * old generation grow up to the largest heap allowed, a quarter of the machine's memory, before
 * they look into it: a control plane that writes a few thousand objects a second fills gigabytes
 * with what was overwritten long ago. So the old generation is collected here as soon as it has
 * grown by half of what lived in it, but rarely enough that the standstills stay a small part of
 * the time.
 *
 * <p>The state belongs to the one thread that looks.
 */
public final class HeapKeeper implements AutoCloseable {

  /** How often the old generation is looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What a small heap may grow by, in bytes: collecting it more often would save little. */
  static final long LEAST_GROWTH = 96L << 20;

  /**
   * Time between two collections at least, and how many times their standstill that is at least.
   */
  static final Duration LEAST_REST = Duration.ofSeconds(10);

  static final int REST_PER_STANDSTILL = 40;

  private final OldGeneration old;
  private final LongSupplier nanos;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("heap-keeper").unstarted(work));
  private long restsUntil;

  HeapKeeper(OldGeneration old, LongSupplier nanos) {
    this.old = old;
    this.nanos = nanos;
    this.restsUntil = nanos.getAsLong();
  }

  /** Looks after this virtual machine's heap until closed. */
  public static HeapKeeper start() {
    HeapKeeper keeper = new HeapKeeper(new TenuredPool(), System::nanoTime);
    var _ =
        keeper.looking.scheduleWithFixedDelay(
            keeper::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return keeper;
  }

  /** Collects if there is reason to, and rests afterwards. */
  void look() {
    long now = nanos.getAsLong();
    if (now - restsUntil < 0 || !isOutgrown()) {
      return;
    }
    old.collect();
    long standstill = nanos.getAsLong() - now;
    long rest = Math.max(LEAST_REST.toNanos(), REST_PER_STANDSTILL * standstill);
    restsUntil = nanos.getAsLong() + rest;
  }

  private boolean isOutgrown() {
    long alive = old.alive();
    return old.used() - alive > Math.max(LEAST_GROWTH, alive / 2);
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
