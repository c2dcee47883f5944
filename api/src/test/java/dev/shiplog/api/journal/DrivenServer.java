package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.View;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A server without threads: a test decides when it reads, when it looks at its inbox and what time
 * it is. A server that is not stepped is a paused one.
 */
final class DrivenServer {

  static final Partition JOURNAL = Partition.only(TestStore.NAMES.journal());

  /** Few, so that the past is soon in the journal alone. */
  private static final ViewLimits REMEMBERED = new ViewLimits(64, 1 << 20);

  final String id;
  final InMemoryTopicLog log;
  final List<String> leadership = new ArrayList<>();
  private final JournalSettings settings;
  private final Deque<Input> inbox = new ArrayDeque<>();
  private final Preparation preparation;
  private final EntryReader entries;
  private final LogReader reader;
  private final LogWriter writer;
  private final View view;
  private final Applied applied;
  private final Journal journal;
  private final Waiters positions = new Waiters();
  private final ReadBarrier barrier;
  private Runnable meanwhile = () -> {};
  private long nowNanos;

  /** Connects to the log and reads it to its end, as a server that starts does. */
  DrivenServer(String id, InMemoryTopicLog log, long nowNanos, CommitRule... rules) {
    this(id, log, nowNanos, CommitForwarder.NONE, rules);
  }

  /** As above; it hands commits to the leader by the forwarder. */
  DrivenServer(
      String id,
      InMemoryTopicLog log,
      long nowNanos,
      CommitForwarder forwarder,
      CommitRule... rules) {
    this.id = id;
    this.log = log.connect();
    this.nowNanos = nowNanos;
    this.settings = JournalSettings.oneOfMany(id, id + ".example:443", true);
    ObjectCodec codec = new ObjectCodec(TestStore.INDEXER, List.of(rules));
    this.preparation = new Preparation(codec, settings.maxObjectBytes());
    this.entries = new EntryReader(codec);
    Restore.Restored restored =
        new Restore(log, TestStore.NAMES, codec)
            .run(
                new StoredResources(TestStore.RESOURCES, TestStore.INDEXER, List.of(rules)),
                REMEMBERED);
    this.view = restored.view();
    this.applied = restored.applied();
    view.reachBack(
        new JournalHistory(
            this.log,
            JOURNAL,
            entries,
            applied.anchors(),
            view::position,
            Duration.ZERO,
            Runnable::run));
    this.reader = this.log.openReader(Isolation.READ_UNCOMMITTED);
    reader.assign(Map.of(JOURNAL, applied.position()));
    InstantSource clock = () -> Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(this.nowNanos));
    this.writer = this.log.openWriter();
    this.journal =
        new Journal(
            settings,
            id,
            applied,
            new Decider(codec, List.of(rules), settings.maxObjectBytes(), settings.maxEntryBytes()),
            new LogAppender(writer, JOURNAL, clock, inbox::add),
            clock,
            () -> new UUID(0, 1).toString(),
            List.of(new Heard()),
            new Envoy(forwarder, inbox::add),
            nowNanos);
    this.barrier = new ReadBarrier(view, this::await, this::ask, () -> this.nowNanos, settings);
  }

  /** Looks at the log once, then at the inbox, then at the time. */
  void step(long now) {
    nowNanos = now;
    read();
    work();
  }

  /** What other threads do while entries are applied that are published together. */
  void meanwhile(Runnable action) {
    meanwhile = action;
  }

  /** Applies what the log has. */
  void read() {
    List<StoredRecord> records = reader.poll(Duration.ZERO);
    if (records.isEmpty()) {
      journal.tailedNothing(nowNanos);
    } else {
      List<TailedEntry> tailed =
          records.stream().map(r -> entries.read(r, journal.ownEpoch())).toList();
      journal.tailed(new Interrupted(tailed), reader.position(JOURNAL), nowNanos);
    }
    flush();
  }

  /** Does what is in the inbox, and what is due. */
  void work() {
    while (!inbox.isEmpty()) {
      inbox.remove().handle(journal, nowNanos);
    }
    journal.tick(nowNanos);
    flush();
  }

  void claim() {
    journal.claim();
    work();
  }

  boolean leads() {
    return journal.isLeading();
  }

  CompletableFuture<CommitResult> commit(ProposedChange... changes) {
    return commit(TestStore.request(changes));
  }

  CompletableFuture<CommitResult> commit(CommitRequest request) {
    return submit(submission(request, 0));
  }

  /** Takes a commit from another server; looks at it when it looks at its inbox. */
  CompletableFuture<CommitResult> handed(CommitRequest request, long epoch) {
    Submission.Commit commit = submission(request, epoch);
    inbox.add((machine, now) -> machine.submit(commit, now));
    return commit.answer();
  }

  /** Answers once it has what was acknowledged before. */
  CompletableFuture<Snapshot> readLatest() {
    return barrier.read();
  }

  /** What the log says is heard when the inbox is looked at. */
  private CompletableFuture<Long> ask() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    CompletableFuture<Long> _ =
        appendMark(0)
            .whenComplete((offset, failure) ->
                inbox.add((_, _) -> {
                  if (failure == null) {
                    answer.complete(offset + 1);
                  } else {
                    answer.completeExceptionally(failure);
                  }
                }));
    return answer;
  }

  private void await(Waiters.Waiter waiter) {
    if (waiter.target() <= view.position()) {
      waiter.reached().accept(true);
    } else {
      positions.add(waiter);
    }
  }

  /** Shows what was applied. */
  private void flush() {
    journal.flush();
    positions.reached(view.position());
    positions.expire(nowNanos);
  }

  private Submission.Commit submission(CommitRequest request, long epoch) {
    return new Submission.Commit(
        request,
        preparation.prepare(request, state()),
        deadline(),
        epoch,
        new CompletableFuture<>());
  }

  /** Appends a mark, as a read does. */
  void mark(long nonce) {
    CompletableFuture<Long> _ = appendMark(nonce);
  }

  private CompletableFuture<Long> appendMark(long nonce) {
    return writer.append(
        JOURNAL, LogRecord.of(null, EntryCodec.encode(new Entry.Mark(id, nonce)), nonce));
  }

  /** Lets another server lead. */
  void resign() {
    journal.resign();
    work();
  }

  /** Stops as a server does that is told to. */
  void stop() {
    journal.close();
  }

  CompletableFuture<CommitResult> skip(Origin origin, CommandResult result) {
    return submit(new Submission.Skip(origin, result, deadline(), new CompletableFuture<>()));
  }

  State state() {
    return view.current();
  }

  View view() {
    return view;
  }

  AppliedPosition applied() {
    return applied.published();
  }

  private CompletableFuture<CommitResult> submit(Submission submission) {
    journal.submit(submission, nowNanos);
    journal.flush();
    return submission.answer();
  }

  private long deadline() {
    return nowNanos + settings.commitTimeout().toNanos();
  }

  /** Lets others run before each entry but the first. */
  private final class Interrupted extends AbstractList<TailedEntry> {

    private final List<TailedEntry> entries;

    private Interrupted(List<TailedEntry> entries) {
      this.entries = entries;
    }

    @Override
    public TailedEntry get(int index) {
      if (index > 0) {
        meanwhile.run();
      }
      return entries.get(index);
    }

    @Override
    public int size() {
      return entries.size();
    }
  }

  private final class Heard implements LeadershipListener {
    @Override
    public void becameLeader(long epoch) {
      leadership.add("leads " + epoch);
    }

    @Override
    public void lostLeadership() {
      leadership.add("lost");
    }
  }
}
