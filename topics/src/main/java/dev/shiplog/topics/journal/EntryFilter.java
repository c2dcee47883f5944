package dev.shiplog.topics.journal;

import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Mark;
import dev.shiplog.topics.journal.Entry.Sequenced;

/**
 * The counting rule: which entries of the journal count. Everyone who reads the journal gives this
 * the same entries in the same order and so comes to the same answers; there is no other consensus.
 *
 * <p>A claim counts if it claims the current epoch plus one, and makes that the current epoch. Any
 * other entry counts if it is of the current epoch and its sequence number is one more than that of
 * the last entry that counted. So nothing that a deposed leader appends late counts; nothing after
 * a lost append counts until a new claim; and an append that arrives twice counts once.
 *
 * <p>Two servers may claim the same epoch, and only the first of the claims counts. A writer must
 * therefore see its own claim counted before it appends anything else of that epoch: from the
 * entries alone the loser's could not be told from the winner's.
 *
 * <p>Mutable; used by the one thread that reads the journal.
 */
public final class EntryFilter {

  /** The epoch before the first claim. */
  private static final long NOBODYS = 0;

  private long epoch;
  private long sequence;

  /** Starts before the first entry of a journal. */
  public EntryFilter() {
    this(NOBODYS, 0);
  }

  /**
   * Goes on from a place in the journal.
   *
   * @param epoch epoch in force there; 0 before the first claim
   * @param sequence sequence number of the last entry that counted
   */
  public EntryFilter(long epoch, long sequence) {
    this.epoch = epoch;
    this.sequence = sequence;
  }

  /** Says whether the next entry of the journal counts, and moves on if it does. */
  public Verdict judge(Entry entry) {
    return switch (entry) {
      case Mark _ -> Verdict.MARK;
      case Claim claim -> judgeClaim(claim);
      case Sequenced other -> judgeSequence(other);
    };
  }

  /** The epoch in force after the entries judged so far; 0 before the first claim. */
  public long epoch() {
    return epoch;
  }

  /** The sequence number of the last entry that counted. */
  public long sequence() {
    return sequence;
  }

  private Verdict judgeClaim(Claim claim) {
    if (claim.epoch() <= epoch) {
      return Verdict.OLD_EPOCH;
    }
    if (claim.epoch() > epoch + 1) {
      return Verdict.UNCLAIMED_EPOCH;
    }
    epoch = claim.epoch();
    sequence = 0;
    return Verdict.COUNTS;
  }

  private Verdict judgeSequence(Sequenced entry) {
    if (entry.epoch() < epoch) {
      return Verdict.OLD_EPOCH;
    }
    if (entry.epoch() > epoch || epoch == NOBODYS) {
      return Verdict.UNCLAIMED_EPOCH;
    }
    if (entry.sequence() <= sequence) {
      return Verdict.REPEATED;
    }
    if (entry.sequence() > sequence + 1) {
      return Verdict.AFTER_GAP;
    }
    sequence = entry.sequence();
    return Verdict.COUNTS;
  }

  /** Whether an entry counts, and if not, why. */
  public enum Verdict {
    COUNTS,
    /** Marks never count; they only pass by. */
    MARK,
    /** From a deposed leader, or a claim that came second. */
    OLD_EPOCH,
    /** Of an epoch nobody holds: its claim is not in the log before it. */
    UNCLAIMED_EPOCH,
    /** An append that arrived twice. */
    REPEATED,
    /** An append before it was lost. The leader that sees this of its own entries claims anew. */
    AFTER_GAP;

    public boolean counts() {
      return this == COUNTS;
    }
  }
}
