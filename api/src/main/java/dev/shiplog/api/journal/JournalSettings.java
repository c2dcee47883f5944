package dev.shiplog.api.journal;

import dev.shiplog.api.view.ViewLimits;
import java.time.Duration;

/**
 * How a server takes part in the journal. Times are spans, not points.
 *
 * @param serverId name of this server among others; unique among those that run
 * @param address where other servers reach it, or empty if it serves alone
 * @param claimAtStart claim as soon as the journal was read, without waiting for the silence of a
 *     leader: for a server that serves alone
 * @param replicated whether the journal's topic has more than one replica: then a barrier of a read
 *     is a mark in the journal, since a deposed broker could answer a question for its end
 * @param heartbeatEvery a leader appends something at least so often
 * @param claimAfter a follower claims after so much silence at the latest; see {@link Silence}
 * @param retryAfter how long to wait before a failed claim or read of the log is tried again
 * @param commitTimeout past it a commit is answered with Timeout, if it was appended, else with
 *     ServiceUnavailable
 * @param readTimeout past it a read that waits is refused
 * @param maxObjectBytes largest object that is stored
 * @param maxEntryBytes largest entry that is appended
 * @param maxWaitingCommits how many commits may be under way before more are refused
 * @param maxWaitingBytes how many bytes their objects may have
 * @param maxWaitingReads how many reads may wait before more are refused
 * @param view how much of the past is held in memory
 */
public record JournalSettings(
    String serverId,
    String address,
    boolean claimAtStart,
    boolean replicated,
    Duration heartbeatEvery,
    Duration claimAfter,
    Duration retryAfter,
    Duration commitTimeout,
    Duration readTimeout,
    int maxObjectBytes,
    int maxEntryBytes,
    int maxWaitingCommits,
    long maxWaitingBytes,
    int maxWaitingReads,
    ViewLimits view) {

  /** A server on its own, on a journal without replicas. */
  public static JournalSettings alone(String serverId) {
    return new JournalSettings(
        serverId,
        "",
        true,
        false,
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        // Clients give up on a request after 30 s or more: they are to get an answer before that.
        Duration.ofSeconds(25),
        // As long as Kubernetes waits for a revision that is ahead of its cache.
        Duration.ofSeconds(3),
        // What Kubernetes and its users count on as the largest request body.
        3 << 20,
        8 << 20,
        10_000,
        256L << 20,
        50_000,
        ViewLimits.DEFAULT);
  }

  /**
   * One of several servers.
   *
   * @param replicated whether the journal has more than one replica
   */
  public static JournalSettings oneOfMany(String serverId, String address, boolean replicated) {
    JournalSettings alone = alone(serverId);
    return new JournalSettings(
        serverId,
        address,
        false,
        replicated,
        Duration.ofMillis(250),
        alone.claimAfter,
        alone.retryAfter,
        alone.commitTimeout,
        alone.readTimeout,
        alone.maxObjectBytes,
        alone.maxEntryBytes,
        alone.maxWaitingCommits,
        alone.maxWaitingBytes,
        alone.maxWaitingReads,
        alone.view);
  }

  /** The same with other times. */
  public JournalSettings timed(Duration heartbeat, Duration claim) {
    return new JournalSettings(
        serverId,
        address,
        claimAtStart,
        replicated,
        heartbeat,
        claim,
        retryAfter,
        commitTimeout,
        readTimeout,
        maxObjectBytes,
        maxEntryBytes,
        maxWaitingCommits,
        maxWaitingBytes,
        maxWaitingReads,
        view);
  }

  /** The same with another share of the past in memory. */
  public JournalSettings remembering(ViewLimits limits) {
    return new JournalSettings(
        serverId,
        address,
        claimAtStart,
        replicated,
        heartbeatEvery,
        claimAfter,
        retryAfter,
        commitTimeout,
        readTimeout,
        maxObjectBytes,
        maxEntryBytes,
        maxWaitingCommits,
        maxWaitingBytes,
        maxWaitingReads,
        limits);
  }
}
