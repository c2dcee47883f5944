package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.view.History;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.OffsetLostException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Reads the past from the journal, on a few threads of its own with one reader each: however many
 * watchers want it, they wait for each other's excerpts and for nobody else. Any thread.
 */
final class JournalHistory implements History, AutoCloseable {

  private static final int THREADS = 2;

  /** Each watcher and each list waits for one excerpt at most. */
  private static final int MOST_WAITING = 20_000;

  private final LogSource log;
  private final Partition journal;
  private final EntryReader entries;
  private final Anchors anchors;
  private final LongSupplier applied;
  private final Queue<LogReader> readers = new ConcurrentLinkedQueue<>();
  private final Duration patience;
  private final Executor threads;
  private volatile boolean closed;

  /**
   * Makes one.
   *
   * @param applied the offset up to which this server has applied the journal
   * @param patience how long to wait for the log each time; a few times that without an answer, and
   *     the past counts as unavailable
   */
  JournalHistory(
      LogSource log,
      Partition journal,
      EntryReader entries,
      Anchors anchors,
      LongSupplier applied,
      Duration patience,
      Executor threads) {
    this.log = log;
    this.journal = journal;
    this.entries = entries;
    this.anchors = anchors;
    this.applied = applied;
    this.patience = patience;
    this.threads = threads;
  }

  /** Threads for a history, none while nobody asks for the past. */
  static ExecutorService threads(ThreadFactory factory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = factory.newThread(task);
              thread.setName("journal-history");
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public Walk after(StorageResource resource, long revision) {
    HistoryWalk walk = new HistoryWalk(walkAfter(revision), entries, resource, revision);
    return () -> read(revision, reader -> walk.next(reader, patience, applied.getAsLong()));
  }

  /**
   * A way through the journal that begins before the first change after a revision.
   *
   * @throws ApiFailure {@code Expired}
   */
  JournalWalk walkAfter(long revision) {
    return walkFrom(
        anchors.atOrBefore(revision).orElseThrow(() -> anchors.expired(revision)), revision);
  }

  /** A way through the journal from an anchor that is not after a revision. */
  JournalWalk walkFrom(Anchor from, long revision) {
    return new JournalWalk(journal, anchors, from, revision);
  }

  Anchors anchors() {
    return anchors;
  }

  /** Goes on with a walk, as far as was applied when it does. */
  void advance(JournalWalk walk, LogReader reader, JournalWalk.Taker taker) {
    walk.advance(reader, patience, applied.getAsLong(), taker);
  }

  /** The offset up to which this server has applied the journal. */
  long applied() {
    return applied.getAsLong();
  }

  /** Lets go of the anchors that the journal no longer goes back to; blocks. */
  void dropTruncated() {
    anchors.dropBefore(log.range(journal, Isolation.READ_UNCOMMITTED).start());
  }

  /** Closes the readers; one that is in use is closed by its user. */
  @Override
  public void close() {
    closed = true;
    for (LogReader reader = readers.poll(); reader != null; reader = readers.poll()) {
      reader.close();
    }
  }

  /**
   * Lets one of the threads read something.
   *
   * @param revision the past of which it is about
   * @return fails with {@code Expired}, or {@code ServiceUnavailable}
   */
  <T> CompletableFuture<T> read(long revision, Function<LogReader, T> reading) {
    try {
      return CompletableFuture.supplyAsync(() -> readNow(revision, reading), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          Failures.unavailable("too many watches and lists of the past wait for the journal"));
    }
  }

  private <T> T readNow(long revision, Function<LogReader, T> reading) {
    LogReader pooled = readers.poll();
    LogReader reader = pooled == null ? log.openReader(Isolation.READ_UNCOMMITTED) : pooled;
    boolean usable = false;
    try {
      T result = reading.apply(reader);
      usable = true;
      return result;
    } catch (OffsetLostException e) {
      dropTruncated();
      throw anchors.expired(revision);
    } catch (LogException e) {
      throw Failures.unavailable("the journal cannot be read now: " + e.getMessage());
    } finally {
      giveBack(reader, usable);
    }
  }

  private void giveBack(LogReader reader, boolean usable) {
    if (!usable) {
      reader.close();
      return;
    }
    readers.add(reader);
    if (closed) {
      close();
    }
  }
}
