package dev.shiplog.api.journal;

import dev.shiplog.api.journal.Submission.Commit;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.topics.journal.Entry;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A server under another's lead: it knows whose claim is in force, hands commits to that server,
 * and finds out what became of them. What has to wait until there is a leader waits here. The
 * loop's thread alone.
 */
final class Following {

  private static final Logger LOG = Logger.getLogger(Following.class);

  private final JournalSettings settings;
  private final Applied applied;
  private final Envoy envoy;
  private final Answers answers;
  private final Handover handover = new Handover();
  private Entry.Claim leader;
  private boolean closed;

  Following(JournalSettings settings, Applied applied, Envoy envoy, Answers answers) {
    this.settings = settings;
    this.applied = applied;
    this.envoy = envoy;
    this.answers = answers;
    this.leader = applied.leader();
  }

  /** The claim in force, if it is known and somebody's. */
  Optional<Entry.Claim> leader() {
    return Optional.ofNullable(leader).filter(claim -> !claim.leader().isEmpty());
  }

  /**
   * From here on a claim is in force.
   *
   * @return what was sent to a leader before, or waits for one, and can count by that one no more
   */
  List<Commit> follow(Entry.Claim claim, boolean isOwn) {
    boolean another = isOwn || leader == null || !leader.leader().equals(claim.leader());
    leader = claim;
    return another ? handover.undecided() : List.of();
  }

  /** Lets the end of the leader's process be noticed, as far as that is possible. */
  void watchLeader() {
    leader().ifPresent(envoy::watch);
  }

  /** Lets the leader decide it, as soon as there is one. */
  void handOver(Submission submission, long nowNanos) {
    switch (submission) {
      case Commit commit when commit.isHandedOver() ->
          answers.refuse(commit, NotTakenException.byThisServer());
      // It is its leader's to carry out; the next one takes it up from the commands' topic.
      case Commit commit when commit.origin().command().isPresent() ->
          answers.refuse(commit, notLeading());
      case Commit commit -> handOver(commit, nowNanos);
      case Submission.Skip _ -> answers.refuse(submission, notLeading());
    }
  }

  private void handOver(Commit commit, long nowNanos) {
    if (leader().isEmpty() || closed) {
      handover.waits(commit, nowNanos + settings.commitTimeout().toNanos());
      return;
    }
    Entry.Claim to = leader;
    handover.sent(commit, to.epoch());
    answers.add(() -> envoy.send(to, commit));
  }

  /** Takes out the commits that waited for long enough. */
  List<Commit> due(long nowNanos) {
    return handover.due(nowNanos);
  }

  /** The leader said something of a commit that it was handed, or could not be asked. */
  void heard(Commit commit, long epoch, LeaderAnswer answer, Throwable failure, long nowNanos) {
    if (!handover.isWith(commit, epoch)) {
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

  /** The leader refused a commit, did not get it, or did not answer. */
  private void notDone(Commit commit, long epoch, Throwable failure, long nowNanos) {
    switch (failure) {
      case ApiFailure refusal -> refuse(commit, refusal);
      case StaleException refusal -> refuse(commit, refusal);
      case NotTakenException _ -> {
        handover.settled(commit);
        boolean another = leader().filter(claim -> claim.epoch() > epoch).isPresent();
        handover.waits(commit, another ? nowNanos : nowNanos + settings.retryAfter().toNanos());
      }
      // The journal will tell: by the commit's entry, or by another server's claim.
      default -> LOG.debugf("no answer from the leader of epoch %d: %s", epoch, failure);
    }
  }

  private void refuse(Commit commit, RuntimeException refusal) {
    handover.settled(commit);
    answers.refuse(commit, refusal);
  }

  /** An entry of another server counts, and was applied: perhaps it was made for a commit here. */
  void counted(Entry.Commit entry) {
    handover
        .counted(entry)
        .ifPresent(ours -> answers.complete(ours, applied.resultOf(ours.request(), entry)));
  }

  /** Whether nothing of the commit left this server, or came of it; it is here no more. */
  boolean withdraw(Submission submission) {
    return handover.withdraw(submission);
  }

  /** Answers those for whom nothing had to change, where this server has seen as much by now. */
  void answerUnchanged() {
    handover
        .answerable(applied.state().revision())
        .forEach(one -> one.commit().answer().complete(one.answer().result()));
  }

  /** Hands nothing to anybody any more. */
  void close() {
    closed = true;
  }

  private static ApiFailure notLeading() {
    return Failures.unavailable("this API server does not lead any more");
  }
}
