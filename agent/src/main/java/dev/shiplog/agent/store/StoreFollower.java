package dev.shiplog.agent.store;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.fault.Pulse;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Follows topics that hold state, store topics or assignments, from their start. An unreachable log
 * changes nothing: what is known stays valid, and reading goes on where it stopped. Where the log
 * lost the place, everything is read again.
 *
 * <p>All state, the sink's too, belongs to the one thread that {@link #start} starts.
 */
public final class StoreFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StoreFollower.class);

  /** A close wakes a poll up, so nobody waits for this. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final long PAUSE_AFTER_FAILURE_MS = 500;

  private final LogSource log;
  private final Sink sink;
  private final FaultHandler faults;
  private final Map<Partition, Long> positions = new HashMap<>();
  private final Map<Partition, Long> ends = new HashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Pulse pulse = new Pulse(System::nanoTime);
  private final Thread thread;
  private boolean placeKnown;
  private boolean untold;
  private volatile LogReader reader;

  /** Who makes something of the records; called by the follower's thread. */
  public interface Sink {

    /** What was given so far is void: everything comes again. */
    void restart();

    void record(StoredRecord record);

    /** The records so far are a state the cluster was in; told after every batch once it is so. */
    void caughtUp();
  }

  public StoreFollower(
      String name,
      LogSource log,
      Collection<Partition> partitions,
      Sink sink,
      FaultHandler faults) {
    this.log = log;
    this.sink = sink;
    this.faults = faults;
    partitions.forEach(partition -> positions.put(partition, 0L));
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Whether its thread makes progress, also while Kafka does not answer. Any thread. */
  public boolean isTurning() {
    return pulse.isThere();
  }

  private void run() {
    while (!isClosing()) {
      pulse.beat();
      try (LogReader opened = log.openReader(Isolation.READ_COMMITTED)) {
        reader = opened;
        follow(opened);
      } catch (OffsetLostException e) {
        LOG.warnf("%s: reading everything again: %s", thread.getName(), e.getMessage());
        placeKnown = false;
        pause();
      } catch (LogException e) {
        LOG.warnf("%s: cannot read, trying again: %s", thread.getName(), e.getMessage());
        pause();
      } catch (RuntimeException e) {
        faults.fault("Following topics: " + thread.getName(), e);
        return;
      } finally {
        reader = null;
      }
    }
  }

  private void follow(LogReader from) {
    if (!placeKnown) {
      findStart();
    }
    from.assign(Map.copyOf(positions));
    while (!isClosing()) {
      if (untold && isAtEnd()) {
        sink.caughtUp();
        untold = false;
      }
      pulse.beat();
      List<StoredRecord> records = from.poll(POLL);
      if (!isClosing() && !records.isEmpty()) {
        records.forEach(sink::record);
        untold = true;
      }
      positions.replaceAll((partition, old) -> from.position(partition));
    }
  }

  private void findStart() {
    sink.restart();
    positions.replaceAll((partition, old) -> {
      var range = log.range(partition, Isolation.READ_COMMITTED);
      ends.put(partition, range.end());
      return range.start();
    });
    placeKnown = true;
    untold = true;
  }

  /** Whether all was read that was there at the start; it stays so from then on. */
  private boolean isAtEnd() {
    return ends.entrySet().stream().allMatch(end -> positions.get(end.getKey()) >= end.getValue());
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      var _ = closing.await(PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }

  /** Stops reading; the sink is told nothing once this has returned. */
  @Override
  public void close() {
    closing.countDown();
    pulse.rest();
    LogReader open = reader;
    if (open != null) {
      open.wakeup();
    }
    try {
      var _ = thread.join(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
