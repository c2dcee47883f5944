package dev.shiplog.api.journal;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.View;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The parts of a store that runs, put together: one loop, one tail, one barrier, one writer. */
final class JournalServer {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration HISTORY_POLL = Duration.ofMillis(500);

  /** Each may hold as much as a whole resource. */
  private static final int MOST_PAST_READS = 16;

  private final JournalSettings settings;
  private final JournalEnvironment environment;
  private final Partition partition;
  private final String claimant;
  private final Applied applied;
  private final View view;
  private final Preparation preparation;
  private final LogWriter writer;
  private final ExecutorService questions;
  private final JournalLoop loop;
  private final JournalTail tail;
  private final ReadBarrier barrier;
  private final JournalHistory history;
  private final JournalChanges changes;
  private final ExecutorService historians;
  private final JournalGauges gauges;
  private final Semaphore pastReads = new Semaphore(MOST_PAST_READS);
  private final CompletableFuture<Long> firstTerm = new CompletableFuture<>();
  private final AtomicLong ownEpoch = new AtomicLong(-1);
  private final AtomicLong marks = new AtomicLong();
  private final Thread loopThread;
  private final Thread tailThread;

  private JournalServer(
      JournalSettings settings,
      JournalEnvironment environment,
      StoredResources resources,
      List<LeadershipListener> listeners,
      CommitForwarder forwarder,
      JournalMetrics metrics) {
    this.settings = settings;
    this.environment = environment;
    this.partition = Partition.only(environment.names().journal());
    this.claimant = settings.serverId() + "-" + Long.toHexString(environment.random().nextLong());
    ObjectCodec codec = new ObjectCodec(resources.indexer(), resources.rules());
    Restore.Restored restored =
        new Restore(environment.log(), environment.names(), codec).run(resources, settings.view());
    this.applied = restored.applied();
    this.view = restored.view();
    this.historians = JournalHistory.threads(environment.threads());
    this.history =
        new JournalHistory(
            environment.log(),
            partition,
            new EntryReader(codec, resources.sealing()),
            applied.anchors(),
            view::position,
            HISTORY_POLL,
            historians);
    view.reachBack(history);
    this.preparation = new Preparation(codec, settings.maxObjectBytes());
    this.loop = new JournalLoop(view, environment.ticker(), environment.faults());
    this.changes = new JournalChanges(history, view, loop, environment.ticker());
    this.writer = environment.log().openWriter();
    this.questions = Executors.newSingleThreadExecutor(environment.threads());
    this.barrier =
        new ReadBarrier(
            view,
            loop::awaitPosition,
            settings.replicated() ? this::mark : this::end,
            environment.ticker(),
            settings);
    List<LeadershipListener> all = new ArrayList<>();
    all.add(new OwnEpoch());
    all.addAll(listeners);
    loop.drive(
        new Journal(
            settings,
            claimant,
            applied,
            decider(codec, resources),
            appender(metrics),
            environment.clock(),
            this::newClusterId,
            all,
            new Envoy(forwarder, loop::submit),
            environment.ticker().getAsLong()),
        new ClockWatch(environment.clock(), environment.ticker(), metrics::clockWasSet));
    this.tail =
        new JournalTail(
            environment.log(),
            partition,
            applied.position(),
            new EntryReader(codec, resources.sealing()),
            loop,
            ownEpoch::get,
            environment.faults(),
            metrics);
    this.gauges =
        new JournalGauges(environment.meters(), applied, view, _ -> ownEpoch.get() < 0 ? 0 : 1);
    this.loopThread = thread("journal-loop", loop);
    this.tailThread = thread("journal-tail", tail);
  }

  private Decider decider(ObjectCodec codec, StoredResources resources) {
    return new Decider(
        codec,
        resources.rules(),
        settings.maxObjectBytes(),
        settings.maxEntryBytes(),
        resources.sealing(),
        applied.staleSeals());
  }

  private LogAppender appender(JournalMetrics metrics) {
    return new LogAppender(
        writer, partition, environment.clock(), loop::submit, environment.ticker(), metrics);
  }

  /** Restores what there is; nothing runs yet. */
  static JournalServer restored(
      JournalSettings settings,
      JournalEnvironment environment,
      StoredResources resources,
      List<LeadershipListener> listeners,
      CommitForwarder forwarder,
      JournalMetrics metrics) {
    return new JournalServer(settings, environment, resources, listeners, forwarder, metrics);
  }

  /** Takes part from here on; returns once this server leads, if it was to claim at its start. */
  void run() {
    loopThread.start();
    tailThread.start();
    if (settings.claimAtStart()) {
      takeLead();
    } else if (applied.published().epoch() == 0) {
      // Nobody ever led: no silence has to be waited for.
      loop.submit((journal, _) -> journal.claim());
    }
  }

  /** Whether the thread that owns the journal makes progress. */
  boolean isTurning() {
    return loop.isTurning();
  }

  void resign() {
    loop.submit((journal, _) -> journal.resign());
  }

  View view() {
    return view;
  }

  ChangeLog changes() {
    return changes;
  }

  AppliedPosition applied() {
    return applied.published();
  }

  List<PreparedChange> prepare(CommitRequest request) {
    return preparation.prepare(request, view.current());
  }

  long commitDeadline() {
    return environment.ticker().getAsLong() + settings.commitTimeout().toNanos();
  }

  void submit(Submission submission) {
    loop.submit((journal, now) -> journal.submit(submission, now));
  }

  CompletableFuture<Snapshot> read(ReadAt at) {
    return switch (at) {
      case ReadAt.Any _ -> CompletableFuture.completedFuture(view.current());
      case ReadAt.Latest _ -> barrier.read();
      case ReadAt.NotOlderThan(long revision) -> notOlderThan(revision);
      case ReadAt.Exactly(long revision) ->
          notOlderThan(revision).thenApply(_ -> view.at(revision));
    };
  }

  CompletableFuture<Snapshot> past(StorageResource resource, long revision) {
    if (!pastReads.tryAcquire()) {
      return CompletableFuture.failedFuture(Admission.tooManyRequests());
    }
    return notOlderThan(revision)
        .thenCompose(_ -> view.past(resource, revision))
        .whenComplete((_, _) -> pastReads.release());
  }

  /** Stops once the commits under way are answered, or after a while without that. */
  void close(CompletableFuture<Void> quiet) {
    try {
      await(quiet, STOP_TIMEOUT);
    } catch (TimeoutException _) {
      // They are told that the outcome is not known.
    }
    gauges.close();
    tail.stop();
    loop.stop();
    join(loopThread);
    join(tailThread);
    questions.shutdownNow();
    historians.shutdownNow();
    history.close();
    writer.close();
  }

  private void takeLead() {
    loop.submit((journal, _) -> journal.claim());
    try {
      await(firstTerm, CLAIM_TIMEOUT);
    } catch (TimeoutException e) {
      close(CompletableFuture.completedFuture(null));
      throw new CannotStartException(
          "The journal in topic %s took no claim of this server for %d s; see whether Kafka accepts writes."
              .formatted(partition.topic(), CLAIM_TIMEOUT.toSeconds()),
          e);
    }
  }

  private CompletableFuture<Snapshot> notOlderThan(long revision) {
    State now = view.current();
    if (now.revision() >= revision) {
      return CompletableFuture.completedFuture(now);
    }
    CompletableFuture<Snapshot> read = new CompletableFuture<>();
    long deadline = environment.ticker().getAsLong() + settings.readTimeout().toNanos();
    loop.awaitRevision(
        new Waiters.Waiter(revision, deadline, reached -> settle(read, revision, reached)));
    return read;
  }

  private void settle(CompletableFuture<Snapshot> read, long revision, boolean reached) {
    State now = view.current();
    if (reached) {
      read.complete(now);
    } else {
      read.completeExceptionally(Failures.revisionTooLarge(revision, now.revision()));
    }
  }

  private CompletableFuture<Long> end() {
    LogSource log = environment.log();
    Executor asker = log.knowsEnds() ? Runnable::run : questions;
    return CompletableFuture.supplyAsync(
        () -> log.end(partition, Isolation.READ_UNCOMMITTED), asker);
  }

  private CompletableFuture<Long> mark() {
    Entry mark = new Entry.Mark(claimant, marks.incrementAndGet());
    long now = environment.clock().millis();
    return writer
        .append(partition, LogRecord.of(null, EntryCodec.encode(mark), now))
        .thenApply(offset -> offset + 1);
  }

  private String newClusterId() {
    return new UUID(environment.random().nextLong(), environment.random().nextLong()).toString();
  }

  private Thread thread(String name, Runnable task) {
    Thread thread = environment.threads().newThread(task);
    thread.setName(name);
    return thread;
  }

  private static void await(CompletableFuture<?> future, Duration atMost) throws TimeoutException {
    try {
      future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(STOP_TIMEOUT.toMillis());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the tail know whose entries it reads, and the start that this server leads. */
  private final class OwnEpoch implements LeadershipListener {
    @Override
    public void becameLeader(long epoch) {
      ownEpoch.set(epoch);
      firstTerm.complete(epoch);
    }

    @Override
    public void lostLeadership() {
      ownEpoch.set(-1);
    }
  }
}
