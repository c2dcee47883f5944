package dev.shiplog.api.journal;

import dev.shiplog.api.journal.Term.Pending;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryFilter.Verdict;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What a server does about the journal: it applies what comes from its tail, leads or follows, and
 * answers. It has neither thread nor timer; whoever drives it calls it from one thread and says
 * what time it is. So a simulation drives it as the loop does.
 *
 * <p>A server is in one of three states:
 *
 * <ul>
 *   <li><b>following</b>: another's claim is in force, or none. Submissions are handed to the
 *       leader, or wait until there is one;
 *   <li><b>claiming</b>: a claim of its own is on its way. Submissions are held until it counts. An
 *       earlier term, if there was one, may still see its entries count meanwhile;
 *   <li><b>leading</b>: its claim is in force, and it decides.
 * </ul>
 *
 * <p>Answers are given in {@link #flush}, after what they rest on was published. One file, since
 * every rule here is about the moment at which the three states change into each other.
 */
final class Journal {

  private static final Logger LOG = Logger.getLogger(Journal.class);

  private final JournalSettings settings;
  private final String claimant;
  private final Applied applied;
  private final Decider decider;
  private final Appender appender;
  private final InstantSource clock;
  private final Supplier<String> newClusterId;
  private final List<LeadershipListener> listeners;
  private final Envoy envoy;
  private final Handover handover = new Handover();
  private final Deque<Submission> held = new ArrayDeque<>();
  private final Deque<Submission> undertaken = new ArrayDeque<>();
  private final List<Runnable> answers = new ArrayList<>();
  private final Overdue overdue = new Overdue();
  private Term term;
  private Attempt attempt;
  private Entry.Claim leader;
  private long leadsSinceEpoch = Long.MAX_VALUE;
  private final Silence silence;
  private boolean changed;
  private boolean resigned;
  private boolean closed;

  /**
   * Starts as a follower.
   *
   * @param claimant what claims of this server say of their writer; unlike that of any other
   *     server, and of any earlier run of this one
   * @param newClusterId makes the id of a cluster that has none
   * @param listeners told in this order
   */
  Journal(
      JournalSettings settings,
      String claimant,
      Applied applied,
      Decider decider,
      Appender appender,
      InstantSource clock,
      Supplier<String> newClusterId,
      List<LeadershipListener> listeners,
      Envoy envoy,
      long nowNanos) {
    this.settings = settings;
    this.claimant = claimant;
    this.applied = applied;
    this.decider = decider;
    this.appender = appender;
    this.clock = clock;
    this.newClusterId = newClusterId;
    this.listeners = List.copyOf(listeners);
    this.envoy = envoy;
    this.leader = applied.leader();
    this.silence = new Silence(settings.heartbeatEvery(), settings.claimAfter(), nowNanos);
    watchLeader();
  }

  /** A claim on its way. Sent again, with the same epoch, once {@code retryAt} is set and over. */
  private static final class Attempt {
    final long epoch;
    boolean failed;
    boolean warned;
    long retryAtNanos;

    Attempt(long epoch) {
      this.epoch = epoch;
    }
  }

  /** Asks for the lead. */
  void claim() {
    if (attempt == null && !resigned) {
      attempt = new Attempt(applied.epoch() + 1);
      send(attempt);
    }
  }

  /** Whether this server decides now. */
  boolean isLeading() {
    return term != null && attempt == null;
  }

  /** The epoch whose entries this server wrote, as long as it is in force; else -1. */
  long ownEpoch() {
    return term == null ? -1 : term.epoch();
  }

  /** The claim in force, if it is known and somebody's. */
  Optional<Entry.Claim> leader() {
    return Optional.ofNullable(leader).filter(claim -> !claim.leader().isEmpty());
  }

  /** Decides, now or as soon as a claim of this server counts. */
  void submit(Submission submission, long nowNanos) {
    if (closed) {
      refuse(submission, Admission.shuttingDown());
      return;
    }
    undertaken.add(submission);
    dispatch(submission, nowNanos);
  }

  /** The leader said something of a commit that it was handed, or could not be asked. */
  void handedOver(
      Submission.Commit commit, long epoch, LeaderAnswer answer, Throwable failure, long nowNanos) {
    if (closed || !handover.isWith(commit, epoch)) {
      return;
    }
    switch (answer) {
      // Its entry is on its way through the journal to this server, or was seen already.
      case LeaderAnswer.Committed _ -> {}
      case LeaderAnswer.Unchanged unchanged -> {
        handover.settled(commit);
        handover.unchanged(commit, unchanged);
      }
      case null -> notDone(commit, epoch, failure, nowNanos);
    }
  }

  /**
   * Applies what the tail brought.
   *
   * @param position offset up to which the log was read by it
   * @throws RuntimeException if that is not possible: then nothing may be applied any more
   */
  void tailed(List<TailedEntry> entries, long position, long nowNanos) {
    if (closed) {
      return;
    }
    for (TailedEntry entry : entries) {
      apply(entry, nowNanos);
    }
    if (position > applied.position()) {
      applied.moveTo(position);
      changed = true;
    }
    claimAfterSilence(nowNanos);
  }

  /** The tail looked for entries and there were none. */
  void tailedNothing(long nowNanos) {
    claimAfterSilence(nowNanos);
  }

  /** Marks of readers are no sign of a leader. */
  private void claimAfterSilence(long nowNanos) {
    if (term == null && attempt == null && silence.isTooLong(nowNanos)) {
      LOG.infof("claims the lead: no sign of a leader for %s", silence.lasts(nowNanos));
      claim();
    }
  }

  /** The process of the leader of an epoch ended: its silence need not be waited for. */
  void leaderEnded(long epoch) {
    if (term == null && attempt == null && leader != null && leader.epoch() == epoch) {
      LOG.infof("claims the lead: the process of %s, which led, ended", leader.leader());
      claim();
    }
  }

  /** An append of this server may not have been stored. */
  void appendFailed(long epoch, long sequence, Throwable cause, long nowNanos) {
    boolean counted = epoch < applied.epoch() || sequence <= applied.sequence();
    if (term == null || term.epoch() != epoch || counted) {
      return;
    }
    if (cause instanceof RecordTooLargeException) {
      ApiFailure failure =
          Failures.tooLarge("the journal does not take so large a change: " + cause.getMessage());
      term.pendingAt(sequence).ifPresent(submission -> refuse(submission, failure));
    }
    if (attempt == null) {
      LOG.warnf(
          "an append to the journal may not have been stored: %s; what is under way is settled by a"
              + " claim",
          cause.getMessage());
    }
    claim();
  }

  /** A claim of this server may not have been stored. */
  void claimFailed(long epoch, Throwable cause, long nowNanos) {
    if (attempt != null && attempt.epoch == epoch) {
      if (!attempt.warned) {
        attempt.warned = true;
        LOG.warnf(
            "the journal does not take the claim of epoch %d: %s; tried again until it does",
            epoch, cause.getMessage());
      }
      attempt.failed = true;
      attempt.retryAtNanos = nowNanos + settings.retryAfter().toNanos();
    }
  }

  /** Does what is due by now. To be called several times per heartbeat. */
  void tick(long nowNanos) {
    if (attempt != null && attempt.failed && attempt.retryAtNanos - nowNanos <= 0) {
      send(attempt);
    }
    if (isLeading()) {
      term.heartbeat(nowNanos, settings.heartbeatEvery().toNanos());
    }
    expire(nowNanos);
    handover.due(nowNanos).forEach(commit -> dispatch(commit, nowNanos));
  }

  /**
   * Publishes what was applied, then gives the answers that rest on it.
   *
   * @return whether there was anything to publish
   */
  boolean flush() {
    boolean published = changed;
    if (changed) {
      changed = false;
      applied.publish();
    }
    handover
        .answerable(applied.state().revision())
        .forEach(one -> one.commit().answer().complete(one.answer().result()));
    List<Runnable> due = List.copyOf(answers);
    answers.clear();
    due.forEach(Runnable::run);
    return published;
  }

  /**
   * Lets another server lead at once, without waiting for this one's silence. Nothing that is
   * submitted from here on takes effect by this server.
   */
  void resign() {
    if (settings.address().isEmpty()) {
      return;
    }
    resigned = true;
    if (isLeading()) {
      appender.claim(
          new Entry.Claim(applied.epoch() + 1, "", "", clock.millis(), applied.clusterId(), 0));
    }
  }

  /** Answers everybody: this server stops. */
  void close() {
    closed = true;
    resign();
    held.forEach(submission -> refuse(submission, Admission.shuttingDown()));
    held.clear();
    undertaken.forEach(
        s -> refuse(s, Failures.timeout("this API server stops before it knows the outcome")));
    undertaken.clear();
    flush();
  }

  private void apply(TailedEntry tailed, long nowNanos) {
    Verdict verdict = applied.judge(tailed);
    changed = true;
    switch (verdict) {
      case COUNTS -> {
        silence.broken(nowNanos);
        applyCounting(tailed, nowNanos);
      }
      case AFTER_GAP -> claimIfOwn((Entry.Sequenced) tailed.entry());
      case MARK, OLD_EPOCH, UNCLAIMED_EPOCH, REPEATED -> {}
    }
  }

  private void applyCounting(TailedEntry tailed, long nowNanos) {
    switch (tailed.entry()) {
      case Entry.Claim claim -> {
        applied.apply(claim);
        follow(claim, nowNanos);
      }
      case Entry.Sequenced own when term != null -> settle(own.sequence());
      case Entry.Commit commit -> {
        applied.apply(tailed);
        handover.counted(commit).ifPresent(ours -> answer(ours, commit));
      }
      case Entry.Sequenced _ -> applied.apply(tailed);
      case Entry.Mark _ -> throw new IllegalStateException("a mark never counts");
    }
  }

  /** One of the pipelined appends was lost; nothing after it counts any more. */
  private void claimIfOwn(Entry.Sequenced entry) {
    if (term != null && term.epoch() == entry.epoch()) {
      claim();
    }
  }

  private void settle(long sequence) {
    appender.applied(sequence);
    for (Pending pending : term.counted(sequence)) {
      if (pending.decision() instanceof Decision.Append append) {
        applied.adopt(append);
      }
      if (!pending.isHeartbeat()) {
        answer(pending.submission(), pending.decision());
      }
    }
  }

  /** From here on the claim is in force: what the term before has pending can never count. */
  private void follow(Entry.Claim claim, long nowNanos) {
    Term before = term;
    boolean isOwn = claim.leader().equals(claimant);
    List<Submission> undecided = new ArrayList<>(before == null ? List.of() : before.unsettled());
    undecided.addAll(held);
    held.clear();
    if (isOwn || leader == null || !leader.leader().equals(claim.leader())) {
      // Nothing of what was sent to the leader before can count any more.
      undecided.addAll(handover.undecided());
      leadsSinceEpoch = before != null && isOwn ? leadsSinceEpoch : claim.epoch();
    }
    attempt = null;
    leader = claim;
    if (isOwn) {
      term = new Term(claim.epoch(), applied, decider, appender, clock, nowNanos);
      answers.add(() -> listeners.forEach(listener -> listener.becameLeader(claim.epoch())));
    } else {
      term = null;
      if (before != null) {
        answers.add(() -> listeners.forEach(LeadershipListener::lostLeadership));
      }
    }
    LOG.infof(
        "epoch %d: %s; %d commits wait for its decision",
        claim.epoch(),
        isOwn
            ? "this server leads"
            : claim.leader().isEmpty() ? "nobody leads" : claim.leader() + " leads",
        undecided.size());
    undecided.stream().filter(s -> !s.isAnswered()).forEach(s -> dispatch(s, nowNanos));
    if (claim.leader().isEmpty()) {
      claim();
    } else if (isOwn && resigned) {
      resign();
    }
    watchLeader();
  }

  /** Lets the end of the leader's process be noticed, as far as that is possible. */
  private void watchLeader() {
    if (term == null) {
      leader().ifPresent(envoy::watch);
    }
  }

  private void dispatch(Submission submission, long nowNanos) {
    if (isLeading()) {
      decideIfAskedFor(submission, nowNanos);
    } else if (attempt != null) {
      held.add(submission);
    } else {
      handOver(submission, nowNanos);
    }
  }

  /**
   * A commit that another server handed over is decided only if nobody else has led since that
   * server sent it: else that one may have found another way for it in the meantime.
   */
  private void decideIfAskedFor(Submission submission, long nowNanos) {
    if (submission instanceof Submission.Commit commit
        && commit.isHandedOver()
        && commit.askedOfEpoch() < leadsSinceEpoch) {
      refuse(submission, notTaken());
    } else {
      decide(submission, nowNanos);
    }
  }

  private void decide(Submission submission, long nowNanos) {
    term.submit(submission, nowNanos).ifPresent(decision -> answer(submission, decision));
  }

  private void answer(Submission submission, Decision decision) {
    switch (decision) {
      case Decision.Append append ->
          answers.add(() -> submission.answer().complete(append.result()));
      case Decision.Answer answer ->
          answers.add(() -> submission.answer().complete(answer.result()));
      case Decision.Refusal refusal -> refuse(submission, refusal.failure());
    }
  }

  private void refuse(Submission submission, RuntimeException failure) {
    answers.add(() -> submission.answer().completeExceptionally(failure));
  }

  /** The journal says what a commit that was handed over led to. */
  private void answer(Submission.Commit commit, Entry.Commit entry) {
    CommitResult result = applied.resultOf(commit.request(), entry);
    answers.add(() -> commit.answer().complete(result));
  }

  /** Lets the leader decide it, as soon as there is one. */
  private void handOver(Submission submission, long nowNanos) {
    switch (submission) {
      case Submission.Commit commit when commit.isHandedOver() -> refuse(commit, notTaken());
      // It is its leader's to carry out; the next one takes it up from the commands' topic.
      case Submission.Commit commit when commit.origin().command().isPresent() ->
          refuse(commit, notLeading());
      case Submission.Commit commit -> handOver(commit, nowNanos);
      case Submission.Skip _ -> refuse(submission, notLeading());
    }
  }

  private void handOver(Submission.Commit commit, long nowNanos) {
    if (leader().isEmpty() || closed) {
      handover.waits(commit, nowNanos + settings.commitTimeout().toNanos());
      return;
    }
    Entry.Claim to = leader;
    handover.sent(commit, to.epoch());
    answers.add(() -> envoy.send(to, commit));
  }

  /** The leader refused a commit, did not get it, or did not answer. */
  private void notDone(Submission.Commit commit, long epoch, Throwable failure, long nowNanos) {
    switch (failure) {
      case ApiFailure refusal -> refuseHandedOver(commit, refusal);
      case StaleException refusal -> refuseHandedOver(commit, refusal);
      case NotTakenException _ -> {
        handover.settled(commit);
        boolean another = leader().filter(claim -> claim.epoch() > epoch).isPresent();
        handover.waits(commit, another ? nowNanos : nowNanos + settings.retryAfter().toNanos());
      }
      // The journal will tell: by the commit's entry, or by another server's claim.
      default -> LOG.debugf("no answer from the leader of epoch %d: %s", epoch, failure);
    }
  }

  private void refuseHandedOver(Submission.Commit commit, RuntimeException refusal) {
    handover.settled(commit);
    refuse(commit, refusal);
  }

  private static NotTakenException notTaken() {
    return new NotTakenException("this API server does not lead, or another one has led since");
  }

  private static ApiFailure notLeading() {
    return Failures.unavailable("this API server does not lead any more");
  }

  private void send(Attempt claim) {
    claim.failed = false;
    String cluster = applied.clusterId().isEmpty() ? newClusterId.get() : applied.clusterId();
    appender.claim(
        new Entry.Claim(claim.epoch, claimant, settings.address(), clock.millis(), cluster, 0));
  }

  /** All have the same time to wait, so those who came first are over first. */
  private void expire(long nowNanos) {
    while (!undertaken.isEmpty()
        && (undertaken.peek().isAnswered() || undertaken.peek().deadlineNanos() - nowNanos <= 0)) {
      Submission oldest = undertaken.remove();
      if (!oldest.isAnswered()) {
        refuse(oldest, overdue(oldest, nowNanos));
      }
    }
  }

  private ApiFailure overdue(Submission submission, long nowNanos) {
    boolean neverLeft = handover.withdraw(submission);
    overdue.warn(nowNanos);
    return held.remove(submission) || neverLeft
        ? Failures.unavailable("no API server took the lead in time; nothing was changed")
        : Failures.timeout(
            "the change was sent to the journal, but not seen in it in time; it may or may not take"
                + " effect");
  }
}
