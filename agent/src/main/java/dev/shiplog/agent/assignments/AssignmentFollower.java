package dev.shiplog.agent.assignments;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.fault.Pulse;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.AssignmentKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Follows the assignments of all nodes of this process: the partitions that hold them are read from
 * their start to their end, which gives the snapshot, and from there on each record is passed on as
 * it comes. One reader serves any number of nodes.
 *
 * <p>An unreachable log changes nothing: what was known stays valid and reading goes on where it
 * stopped. Where the log lost the place (it was made anew), everything is read again and told as a
 * new snapshot.
 *
 * <p>State belongs to the thread {@code agent-assignments}, started by {@link #start}.
 */
public final class AssignmentFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AssignmentFollower.class);

  /** How long a poll waits at most; only a close waits for it, and that wakes it up. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private static final long PAUSE_AFTER_FAILURE_MS = 500;
  private static final long CLOSE_SECONDS = 10;

  private final LogSource log;
  private final FaultHandler faults;
  private final AssignmentBook book;
  private final Map<Partition, Long> positions = new HashMap<>();
  private final Thread thread;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Pulse pulse = new Pulse(System::nanoTime);
  private volatile boolean told;
  private volatile LogReader reader;

  /**
   * A follower that does nothing until it is started.
   *
   * @param topic name of the assignments topic
   * @param partitions how many it has
   * @param listeners by node name; each is told of its own node's pods alone
   */
  public AssignmentFollower(
      LogSource log,
      String topic,
      int partitions,
      Map<String, AssignmentListener> listeners,
      FaultHandler faults) {
    this.log = log;
    this.faults = faults;
    this.book = new AssignmentBook(listeners);
    for (String node : listeners.keySet()) {
      positions.put(AssignmentKey.partitionOf(topic, node, partitions), 0L);
    }
    thread = Thread.ofPlatform().name("agent-assignments").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Whether its thread makes progress, also while Kafka does not answer. Any thread. */
  public boolean isTurning() {
    return pulse.isThere();
  }

  /** Whether it has told of everything there was when it began. Any thread. */
  public boolean hasCaughtUp() {
    return told;
  }

  /** Stops reading. Nobody is told anything once it has returned. */
  @Override
  public void close() {
    closing.countDown();
    pulse.rest();
    LogReader open = reader;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean restored = false;
    while (!isClosing()) {
      pulse.beat();
      try (LogReader opened = log.openReader(Isolation.READ_COMMITTED)) {
        reader = opened;
        if (!restored) {
          restore(opened);
          restored = true;
        }
        follow(opened);
      } catch (LogUnavailableException e) {
        LOG.warnf("Cannot read assignments, trying again: %s", e.getMessage());
        pause();
      } catch (OffsetLostException e) {
        LOG.warnf("Reading all assignments again: %s", e.getMessage());
        restored = false;
        pause();
      } catch (RuntimeException e) {
        faults.fault("Following the assignments topic", e);
        return;
      } finally {
        reader = null;
      }
    }
  }

  /** Reads from the start to the end there is now, and tells everyone their snapshot. */
  private void restore(LogReader from) {
    book.clear();
    Map<Partition, Long> ends = new HashMap<>();
    positions.replaceAll((partition, old) -> {
      OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
      ends.put(partition, range.end());
      return range.start();
    });
    from.assign(Map.copyOf(positions));
    while (!reached(from, ends) && !isClosing()) {
      poll(from).forEach(book::restore);
    }
    if (!isClosing()) {
      book.tellSnapshots();
      told = true;
    }
  }

  private static boolean reached(LogReader from, Map<Partition, Long> ends) {
    return ends.entrySet().stream().allMatch(end -> from.position(end.getKey()) >= end.getValue());
  }

  private void follow(LogReader from) {
    from.assign(Map.copyOf(positions));
    while (!isClosing()) {
      poll(from).forEach(book::apply);
    }
  }

  private List<StoredRecord> poll(LogReader from) {
    pulse.beat();
    List<StoredRecord> records = from.poll(POLL);
    positions.replaceAll((partition, old) -> from.position(partition));
    return isClosing() ? List.of() : records;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      closing.await(PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }
}
