package dev.shiplog.api.journal;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Follows the journal on a thread of its own: reads and decodes, and hands over to the loop, never
 * more than a few batches ahead of it. What it cannot read it never skips: that is a fault.
 */
final class JournalTail implements Runnable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int BATCHES_AHEAD = 8;

  private final LogSource log;
  private final Partition partition;
  private final EntryReader entries;
  private final JournalLoop loop;
  private final LongSupplier ownEpoch;
  private final FaultHandler faults;
  private final JournalMetrics metrics;
  private final Semaphore ahead = new Semaphore(BATCHES_AHEAD);
  private final long start;
  private volatile boolean stopping;
  private volatile LogReader reader;

  /**
   * Makes a tail.
   *
   * @param start the first offset to read
   * @param ownEpoch the epoch whose entries need not be decoded in full
   */
  JournalTail(
      LogSource log,
      Partition partition,
      long start,
      EntryReader entries,
      JournalLoop loop,
      LongSupplier ownEpoch,
      FaultHandler faults,
      JournalMetrics metrics) {
    this.log = log;
    this.partition = partition;
    this.start = start;
    this.entries = entries;
    this.loop = loop;
    this.ownEpoch = ownEpoch;
    this.faults = faults;
    this.metrics = metrics;
  }

  @Override
  public void run() {
    try (LogReader opened = log.openReader(Isolation.READ_UNCOMMITTED)) {
      reader = opened;
      opened.assign(Map.of(partition, start));
      while (!stopping) {
        follow(opened);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!stopping) {
        faults.fault("the journal cannot be read any further; this server stops", e);
      }
    }
  }

  /** Ends the tail. Any thread. */
  void stop() {
    stopping = true;
    LogReader opened = reader;
    if (opened != null) {
      opened.wakeup();
    }
  }

  private void follow(LogReader opened) throws InterruptedException {
    List<StoredRecord> records = poll(opened);
    if (records.isEmpty()) {
      loop.submit((journal, now) -> journal.tailedNothing(now));
      return;
    }
    long own = ownEpoch.getAsLong();
    List<TailedEntry> decoded = records.stream().map(r -> read(r, own)).toList();
    long position = opened.position(partition);
    ahead.acquire();
    loop.submit((journal, now) -> {
      ahead.release();
      journal.tailed(decoded, position, now);
    });
  }

  private TailedEntry read(StoredRecord stored, long own) {
    try {
      TailedEntry tailed = entries.read(stored, own);
      metrics.read(tailed.entry());
      return tailed;
    } catch (RuntimeException e) {
      metrics.undecodable();
      throw e;
    }
  }

  /** A log that does not answer is a silent one. */
  private static List<StoredRecord> poll(LogReader opened) {
    try {
      return opened.poll(POLL);
    } catch (LogUnavailableException _) {
      return List.of();
    }
  }
}
