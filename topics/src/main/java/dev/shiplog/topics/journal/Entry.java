package dev.shiplog.topics.journal;

import java.util.List;

/**
 * A record of the journal. Claims, heartbeats, commits and skips carry the epoch of the leader that
 * wrote them and a sequence number; a claim is sequence 0 of its epoch. <b>An entry counts if and
 * only if its epoch is the current one at its place in the log and its sequence number is one more
 * than that of the last entry that counted.</b> Marks never count.
 *
 * <p>Times are milliseconds since the epoch by the writer's clock. They inform people; nothing is
 * decided by them.
 */
public sealed interface Entry {

  /** An entry that takes part in the counting rule. */
  sealed interface Sequenced extends Entry {
    long epoch();

    long sequence();

    long timeMs();
  }

  /**
   * Makes its writer the leader from here on, if its epoch is the current one plus one.
   *
   * @param epoch the new epoch
   * @param leader id of the API server that claims
   * @param address where other API servers reach it, or empty when it serves alone
   * @param timeMs when it was written
   * @param clusterId id of the cluster this journal belongs to; readers refuse another
   * @param revisionFloor revisions continue above this (and above everything applied); 0 but after
   *     a recovery
   */
  record Claim(
      long epoch, String leader, String address, long timeMs, String clusterId, long revisionFloor)
      implements Sequenced {
    @Override
    public long sequence() {
      return 0;
    }
  }

  /** Shows that the leader lives. */
  record Heartbeat(long epoch, long sequence, long timeMs) implements Sequenced {}

  /**
   * One transaction: all its changes take effect at this place in the log.
   *
   * @param origin who asked for it, and how
   * @param changes at least one; revisions ascend
   */
  record Commit(long epoch, long sequence, long timeMs, Origin origin, List<Change> changes)
      implements Sequenced {
    public Commit {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A command that changed nothing: it was refused, or there was nothing to change.
   *
   * @param origin holds the command
   * @param result what its sender is told
   */
  record Skip(long epoch, long sequence, long timeMs, Origin origin, CommandResult result)
      implements Sequenced {}

  /**
   * A barrier of a reader: once its writer has seen it, it has seen all that was acknowledged
   * before it was sent.
   *
   * @param server id of the API server that waits for it
   * @param nonce tells that server's marks apart
   */
  record Mark(String server, long nonce) implements Entry {}
}
