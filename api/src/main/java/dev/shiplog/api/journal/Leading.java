package dev.shiplog.api.journal;

import dev.shiplog.api.journal.Term.Pending;
import dev.shiplog.topics.journal.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A server that leads: it decides, and applies what it decided as it sees that it counts. From one
 * claim of its own that counts until the next of another, with a {@link Term} for each epoch. The
 * loop's thread alone.
 */
final class Leading {

  private final Applied applied;
  private final Decider decider;
  private final Appender appender;
  private final InstantSource clock;
  private final List<LeadershipListener> listeners;
  private final Answers answers;
  private final long heartbeatEveryNanos;
  private Term term;
  private long sinceEpoch;

  Leading(
      Applied applied,
      Decider decider,
      Appender appender,
      InstantSource clock,
      List<LeadershipListener> listeners,
      Answers answers,
      Duration heartbeatEvery) {
    this.applied = applied;
    this.decider = decider;
    this.appender = appender;
    this.clock = clock;
    this.listeners = List.copyOf(listeners);
    this.answers = answers;
    this.heartbeatEveryNanos = heartbeatEvery.toNanos();
  }

  /** Whether the claim in force is this server's. */
  boolean isInForce() {
    return term != null;
  }

  /** The epoch that is this server's; -1 if there is none. */
  long epoch() {
    return term == null ? -1 : term.epoch();
  }

  /** A claim of this server counts, perhaps after another of its own. */
  void begin(long epoch, long nowNanos) {
    sinceEpoch = term == null ? epoch : sinceEpoch;
    term = new Term(epoch, applied, decider, appender, clock, nowNanos);
    answers.add(() -> listeners.forEach(listener -> listener.becameLeader(epoch)));
  }

  /** The claim of another server counts, or nobody's. */
  void end() {
    if (term != null) {
      term = null;
      answers.add(() -> listeners.forEach(LeadershipListener::lostLeadership));
    }
  }

  /** What is decided and does not count yet; nothing if this server does not lead. */
  List<Submission> unsettled() {
    return term == null ? List.of() : term.unsettled();
  }

  /** The submission whose entry has this sequence number, if it is pending. */
  Optional<Submission> pendingAt(long sequence) {
    return term.pendingAt(sequence);
  }

  /**
   * Decides. A commit that another server handed over is decided only if nobody else has led since
   * that server sent it: else that one may have found another way for it in the meantime.
   */
  void decide(Submission submission, long nowNanos) {
    if (submission instanceof Submission.Commit commit
        && commit.isHandedOver()
        && commit.askedOfEpoch() < sinceEpoch) {
      answers.refuse(submission, NotTakenException.byThisServer());
    } else {
      term.submit(submission, nowNanos).ifPresent(decision -> answers.add(submission, decision));
    }
  }

  void heartbeat(long nowNanos) {
    term.heartbeat(nowNanos, heartbeatEveryNanos);
  }

  /** An entry of this server counts. */
  void counted(Entry.Sequenced own) {
    appender.applied(own.sequence());
    for (Pending pending : term.counted(own.sequence())) {
      if (pending.decision() instanceof Decision.Append append) {
        applied.adopt(append);
      }
      if (!pending.isHeartbeat()) {
        answers.add(pending.submission(), pending.decision());
      }
    }
  }
}
