package dev.shiplog.agent.nft;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps one table of the packet filter as the newest view wants it. Changes that come together are
 * applied together, and it rests between two changes for longer than the last one took, so that a
 * busy cluster costs a node a bounded share of its time. Now and then the whole table is written
 * again, in case somebody emptied the packet filter.
 *
 * <p>Rules stay as they are until the first view has come: what a process before this one left goes
 * on working during a restart.
 *
 * <p>All state belongs to the keeper's thread, except the latest view and what is said of troubles.
 *
 * @param <V> what the table is made of
 */
public final class TableKeeper<V> implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TableKeeper.class);

  private static final Duration GATHER = Duration.ofMillis(20);
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final Duration REWRITE = Duration.ofMinutes(10);
  private static final Duration CLOSE = Duration.ofMinutes(2);

  private final String name;
  private final String what;
  private final PacketFilter filter;
  private final TableSource<V> source;
  private final Attendant<V> attendant;
  private final Semaphore changes = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private volatile V latest;
  private volatile String trouble;
  private volatile boolean keepRules;

  /** Whether the kernel has the table of the source's last step. */
  private boolean known;

  private Duration retry = FIRST_RETRY;

  /**
   * Does what belongs to the table but lies outside of it. Called by the keeper's thread.
   *
   * @param <V> what the table is made of
   */
  public interface Attendant<V> {

    /**
     * The whole table was written.
     *
     * @param leftBehind whether there was one before
     */
    default void written(boolean leftBehind) {}

    /** The kernel does what this view wants. */
    default void applied(V view) {}

    /** The keeper ends, whatever becomes of the table. */
    default void stopping() {}

    /** The table is about to be removed. */
    default void removing() {}
  }

  /**
   * A keeper that does nothing until it is started.
   *
   * @param name of the table
   * @param what the rules are for, as people say it
   * @param source makes the table of a view
   */
  public TableKeeper(
      String name,
      String what,
      PacketFilter filter,
      TableSource<V> source,
      Attendant<V> attendant) {
    this.name = name;
    this.what = what;
    this.filter = filter;
    this.source = source;
    this.attendant = attendant;
    thread = Thread.ofPlatform().name("agent-" + name).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Has a new view applied soon. Any thread; does not block. */
  public void update(V view) {
    latest = view;
    changes.release();
  }

  /** Why the rules are not what they should be, as a sentence; empty if they are. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void run() {
    try {
      while (!isClosing()) {
        boolean changed = changes.tryAcquire(REWRITE.toMillis(), TimeUnit.MILLISECONDS);
        if (latest == null || closing.await(GATHER.toMillis(), TimeUnit.MILLISECONDS)) {
          continue;
        }
        changes.drainPermits();
        if (!changed) {
          known = false;
        }
        rest(sync());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      attendant.stopping();
      if (!keepRules) {
        removeRules();
      }
    }
  }

  /** Returns how long to rest. */
  private Duration sync() {
    long startNanos = System.nanoTime();
    V view = latest;
    try {
      apply(view);
      attendant.applied(view);
      trouble = null;
      retry = FIRST_RETRY;
      Duration twice = Duration.ofNanos(2 * (System.nanoTime() - startNanos));
      return twice.compareTo(LONGEST_REST) < 0 ? twice : LONGEST_REST;
    } catch (PacketFilterException e) {
      return retryLater("the packet filter does not take the rules of " + what, e);
    } catch (RuntimeException e) {
      // The rules there are stay better than none.
      LOG.errorf(e, "a bug in the rules of %s", what);
      return retryLater("the rules of " + what + " cannot be made", e);
    }
  }

  private Duration retryLater(String happened, RuntimeException cause) {
    trouble = happened + ": " + cause.getMessage();
    LOG.errorf("%s; trying again in %d s", trouble, retry.toSeconds());
    changes.release();
    Duration rest = retry;
    Duration longer = retry.multipliedBy(2);
    retry = longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY;
    return rest;
  }

  private void apply(V view) {
    boolean wasKnown = known;
    // Until it has succeeded nobody knows what the kernel has.
    known = false;
    TableSource.Step step = source.step(view);
    if (!wasKnown || !change(step)) {
      boolean leftBehind = filter.hasTable(name);
      filter.apply(NftScript.replace(step.whole()));
      attendant.written(leftBehind);
    }
    known = true;
  }

  /** Whether the change was taken; it is not if somebody else changed the table. */
  private boolean change(TableSource.Step step) {
    String script = step.change();
    if (script.isEmpty()) {
      return true;
    }
    try {
      filter.apply(script);
      return true;
    } catch (PacketFilterException e) {
      LOG.infof("writing all rules of %s again: %s", what, e.getMessage());
      return false;
    }
  }

  private void removeRules() {
    try {
      attendant.removing();
      filter.apply(NftScript.remove(name));
    } catch (PacketFilterException e) {
      LOG.warnf("cannot remove the rules of %s: %s", what, e.getMessage());
    }
  }

  private void rest(Duration time) throws InterruptedException {
    var _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Stops and leaves the rules, for pods that go on running without this process. */
  public void leave() {
    keepRules = true;
    close();
  }

  /** Stops, and takes all rules away. */
  @Override
  public void close() {
    closing.countDown();
    changes.release();
    try {
      if (!thread.join(CLOSE)) {
        LOG.warnf("the keeper of %s does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
