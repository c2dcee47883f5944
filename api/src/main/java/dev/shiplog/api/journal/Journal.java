package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryFilter.Verdict;
import dev.shiplog.topics.log.RecordTooLargeException;
import java.time.InstantSource;
import java.util.ArrayList;
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
 *   <li>{@link Following}: another's claim is in force, or none. Submissions are handed to the
 *       leader, or wait until there is one;
 *   <li>{@link Claiming}: a claim of its own is on its way. Submissions are held until it counts.
 *       An earlier term, if there was one, may still see its entries count meanwhile;
 *   <li>{@link Leading}: its claim is in force, and it decides.
 * </ul>
 *
 * <p>Here is the moment at which they change into each other; what each of them does is there.
 * {@link Answers} are given in {@link #flush}, after what they rest on was published.
 */
final class Journal {

  private static final Logger LOG = Logger.getLogger(Journal.class);

  private final JournalSettings settings;
  private final Applied applied;
  private final Answers answers = new Answers();
  private final Leading leading;
  private final Claiming claiming;
  private final Following following;
  private final Undertaken undertaken = new Undertaken();
  private final Silence silence;
  private boolean changed;
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
    this.applied = applied;
    this.leading =
        new Leading(
            applied, decider, appender, clock, listeners, answers, settings.heartbeatEvery());
    this.claiming = new Claiming(settings, claimant, applied, appender, clock, newClusterId);
    this.following = new Following(settings, applied, envoy, answers);
    this.silence = new Silence(settings.heartbeatEvery(), settings.claimAfter(), nowNanos);
    following.watchLeader();
  }

  /** Asks for the lead. */
  void claim() {
    claiming.begin();
  }

  /** Whether this server decides now. */
  boolean isLeading() {
    return leading.isInForce() && !claiming.isUnderWay();
  }

  /** The epoch whose entries this server wrote, as long as it is in force; else -1. */
  long ownEpoch() {
    return leading.epoch();
  }

  /** The claim in force, if it is known and somebody's. */
  Optional<Entry.Claim> leader() {
    return following.leader();
  }

  /** Decides, now or as soon as a claim of this server counts. */
  void submit(Submission submission, long nowNanos) {
    if (closed) {
      answers.refuse(submission, Admission.shuttingDown());
      return;
    }
    undertaken.add(submission);
    dispatch(submission, nowNanos);
  }

  private void dispatch(Submission submission, long nowNanos) {
    if (isLeading()) {
      leading.decide(submission, nowNanos);
    } else if (claiming.isUnderWay()) {
      claiming.hold(submission);
    } else {
      following.handOver(submission, nowNanos);
    }
  }

  /** The leader said something of a commit that it was handed, or could not be asked. */
  void handedOver(
      Submission.Commit commit, long epoch, LeaderAnswer answer, Throwable failure, long nowNanos) {
    if (!closed) {
      following.heard(commit, epoch, answer, failure, nowNanos);
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
      case Entry.Sequenced own when leading.isInForce() -> leading.counted(own);
      case Entry.Commit commit -> {
        applied.apply(tailed);
        following.counted(commit);
      }
      case Entry.Sequenced _ -> applied.apply(tailed);
      case Entry.Mark _ -> throw new IllegalStateException("a mark never counts");
    }
  }

  /** One of the pipelined appends was lost; nothing after it counts any more. */
  private void claimIfOwn(Entry.Sequenced entry) {
    if (leading.epoch() == entry.epoch()) {
      claim();
    }
  }

  /** From here on the claim is in force: what the term before has pending can never count. */
  private void follow(Entry.Claim claim, long nowNanos) {
    boolean isOwn = claiming.isOwn(claim);
    List<Submission> undecided = new ArrayList<>(leading.unsettled());
    undecided.addAll(claiming.end());
    undecided.addAll(following.follow(claim, isOwn));
    if (isOwn) {
      leading.begin(claim.epoch(), nowNanos);
    } else {
      leading.end();
    }
    tell(claim, isOwn, undecided.size());
    undecided.stream().filter(s -> !s.isAnswered()).forEach(s -> dispatch(s, nowNanos));
    if (claim.leader().isEmpty()) {
      claim();
    } else if (isOwn && claiming.hasResigned()) {
      resign();
    }
    if (!isOwn) {
      following.watchLeader();
    }
  }

  private static void tell(Entry.Claim claim, boolean isOwn, int undecided) {
    String leads =
        isOwn
            ? "this server leads"
            : claim.leader().isEmpty() ? "nobody leads" : claim.leader() + " leads";
    LOG.infof("epoch %d: %s; %d commits wait for its decision", claim.epoch(), leads, undecided);
  }

  /** Marks of readers are no sign of a leader. */
  private void claimAfterSilence(long nowNanos) {
    if (isFollowing() && silence.isTooLong(nowNanos)) {
      LOG.infof("claims the lead: no sign of a leader for %s", silence.lasts(nowNanos));
      claim();
    }
  }

  /** The process of the leader of an epoch ended: its silence need not be waited for. */
  void leaderEnded(long epoch) {
    Optional<Entry.Claim> ended = leader().filter(claim -> claim.epoch() == epoch);
    if (ended.isPresent() && isFollowing()) {
      LOG.infof("claims the lead: the process of %s, which led, ended", ended.get().leader());
      claim();
    }
  }

  private boolean isFollowing() {
    return !leading.isInForce() && !claiming.isUnderWay();
  }

  /** An append of this server may not have been stored. */
  void appendFailed(long epoch, long sequence, Throwable cause, long nowNanos) {
    boolean counted = epoch < applied.epoch() || sequence <= applied.sequence();
    if (leading.epoch() != epoch || counted) {
      return;
    }
    if (cause instanceof RecordTooLargeException) {
      ApiFailure failure =
          Failures.tooLarge("the journal does not take so large a change: " + cause.getMessage());
      leading.pendingAt(sequence).ifPresent(submission -> answers.refuse(submission, failure));
    }
    if (!claiming.isUnderWay()) {
      LOG.warnf(
          "an append to the journal may not have been stored: %s; what is under way is settled by a"
              + " claim",
          cause.getMessage());
    }
    claim();
  }

  /** A claim of this server may not have been stored. */
  void claimFailed(long epoch, Throwable cause, long nowNanos) {
    claiming.failed(epoch, cause, nowNanos);
  }

  /** Does what is due by now. To be called several times per heartbeat. */
  void tick(long nowNanos) {
    claiming.tick(nowNanos);
    if (isLeading()) {
      leading.heartbeat(nowNanos);
    }
    undertaken.expire(nowNanos).forEach(overdue -> answers.refuse(overdue, outOfTime(overdue)));
    following.due(nowNanos).forEach(commit -> dispatch(commit, nowNanos));
  }

  private ApiFailure outOfTime(Submission submission) {
    boolean neverSent = following.withdraw(submission);
    return claiming.withdraw(submission) || neverSent
        ? Failures.unavailable("no API server took the lead in time; nothing was changed")
        : Failures.timeout(
            "the change was sent to the journal, but not seen in it in time; it may or may not take"
                + " effect");
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
    following.answerUnchanged();
    answers.give();
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
    claiming.resign();
    if (isLeading()) {
      claiming.vacate();
    }
  }

  /** Answers everybody: this server stops. */
  void close() {
    closed = true;
    following.close();
    resign();
    claiming.release().forEach(held -> answers.refuse(held, Admission.shuttingDown()));
    undertaken
        .close()
        .forEach(s ->
            answers.refuse(
                s, Failures.timeout("this API server stops before it knows the outcome")));
    flush();
  }
}
