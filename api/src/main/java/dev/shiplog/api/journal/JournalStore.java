package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The store on the journal. Made, then started once, then closed; {@link LeadershipListener}s and
 * the forwarder are given before the start.
 */
public final class JournalStore implements Store, AutoCloseable {

  private final JournalSettings settings;
  private final JournalEnvironment environment;
  private final StoredResources resources;
  private final List<LeadershipListener> listeners = new ArrayList<>();
  private final Admission admission;
  private final JournalMetrics metrics;
  private CommitForwarder forwarder = CommitForwarder.NONE;
  private volatile JournalServer server;

  public JournalStore(
      JournalSettings settings, JournalEnvironment environment, StoredResources resources) {
    this.settings = settings;
    this.environment = environment;
    this.resources = resources;
    this.metrics = new JournalMetrics(environment.meters());
    this.admission =
        new Admission(settings.maxWaitingCommits(), settings.maxWaitingBytes(), metrics);
  }

  /** Adds somebody to be told of this server's leadership, after those added before. */
  public void addListener(LeadershipListener listener) {
    listeners.add(listener);
  }

  /** Sets how commits reach the leader while this server follows; without it they are refused. */
  public void setForwarder(CommitForwarder forwarder) {
    this.forwarder = forwarder;
  }

  /**
   * Reads everything there is and takes part from then on. Returns when this server can serve: it
   * has applied the journal to its end, and leads if it was to claim at its start.
   *
   * @throws CannotStartException if the topics are not such that a server could serve from them
   * @throws dev.shiplog.topics.log.LogException if the log fails
   */
  public void start() {
    server =
        JournalServer.restored(settings, environment, resources, listeners, forwarder, metrics);
    // Listeners that are told of this server's lead use the store at once.
    server.run();
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    return commit(request, 0);
  }

  /**
   * Commits for another server, which took this one for the leader; only as the leader.
   *
   * @param epoch of the claim by which that server knows this one
   * @return as {@link #commit}; or {@link NotTakenException} if nothing happened, because this
   *     server does not lead or another one has led since
   */
  public CompletableFuture<CommitResult> commitAsLeader(CommitRequest request, long epoch) {
    if (epoch <= 0) {
      throw new IllegalArgumentException("no leader has epoch " + epoch);
    }
    return commit(request, epoch);
  }

  private CompletableFuture<CommitResult> commit(CommitRequest request, long askedOfEpoch) {
    try {
      JournalServer running = running();
      return submit(
          running,
          new Submission.Commit(
              request,
              running.prepare(request),
              running.commitDeadline(),
              askedOfEpoch,
              new CompletableFuture<>()));
    } catch (ApiFailure refusal) {
      metrics.refused(refusal);
      return CompletableFuture.failedFuture(refusal);
    }
  }

  @Override
  public CompletableFuture<Void> skip(CommitRequest request, CommandResult result) {
    if (request.origin().command().isEmpty()) {
      throw new IllegalArgumentException("only commands are skipped");
    }
    try {
      JournalServer running = running();
      Submission.Skip skip =
          new Submission.Skip(
              request.origin(), result, running.commitDeadline(), new CompletableFuture<>());
      return submit(running, skip).thenApply(_ -> null);
    } catch (ApiFailure refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  @Override
  public CompletableFuture<Snapshot> read(ReadAt at) {
    try {
      return running().read(at);
    } catch (ApiFailure refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  @Override
  public CompletableFuture<Snapshot> past(StorageResource resource, long revision) {
    try {
      return running().past(resource, revision);
    } catch (ApiFailure refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  @Override
  public Snapshot current() {
    return running().view().current();
  }

  @Override
  public EventCursor events(StorageResource resource, long afterRevision) {
    return running().view().events(resource, afterRevision);
  }

  /** The changes in the journal. */
  public ChangeLog changes() {
    return running().changes();
  }

  /** Which entries and commands were applied, as of one moment. */
  public AppliedPosition applied() {
    return running().applied();
  }

  /** Whether the thread that decides and applies makes progress, if it runs. Any thread. */
  public boolean isTurning() {
    JournalServer running = server;
    return running == null || running.isTurning();
  }

  /**
   * Lets another server lead, if this one does, and asks for the lead no more; it goes on as a
   * follower.
   */
  public void resign() {
    JournalServer running = server;
    if (running != null) {
      running.resign();
    }
  }

  /** Waits a few seconds for the commits under way, then stops. Reads of snapshots go on. */
  @Override
  public void close() {
    JournalServer running = server;
    CompletableFuture<Void> quiet = admission.close();
    if (running != null) {
      running.close(quiet);
    }
  }

  private CompletableFuture<CommitResult> submit(JournalServer running, Submission submission) {
    admission.admit(submission);
    running.submit(submission);
    return submission.answer();
  }

  private JournalServer running() {
    JournalServer running = server;
    if (running == null) {
      throw Failures.unavailable("this API server is still reading its state");
    }
    return running;
  }
}
