package dev.shiplog.api.projection;

import dev.shiplog.api.audit.AuditPolicy;
import java.time.Duration;

/**
 * Bounds of the projection.
 *
 * @param assignmentPartitions partitions of the assignments topic
 * @param batchEntries entries in one transaction at most
 * @param idleCheckpointEvery how often the checkpoint moves on while nothing but heartbeats passes:
 *     what is behind it is read again at a start
 * @param restAfterCommit pause after a transaction, in which entries gather for the next
 * @param longestRest that pause where transactions take long or are many; see {@link
 *     ProjectionPace}
 * @param retryAfter pause after the log failed
 * @param anchorEvery journal entries between two places from which the journal can be read again
 * @param history how long the journal is kept: for watches and lists that start in the past
 * @param truncateEvery how often it is looked whether some of it is older than that
 * @param audit how much is written about a change
 */
public record ProjectionSettings(
    int assignmentPartitions,
    int batchEntries,
    Duration idleCheckpointEvery,
    Duration restAfterCommit,
    Duration longestRest,
    Duration retryAfter,
    int anchorEvery,
    Duration history,
    Duration truncateEvery,
    AuditPolicy audit) {

  public static final ProjectionSettings STANDARD =
      new ProjectionSettings(
          32,
          500,
          Duration.ofSeconds(30),
          Duration.ofMillis(8),
          Duration.ofMillis(40),
          Duration.ofMillis(500),
          4096,
          Duration.ofHours(24),
          Duration.ofMinutes(1),
          AuditPolicy.standard());

  /** These for a cluster's own settings. */
  public ProjectionSettings with(int partitions, Duration kept, AuditPolicy policy) {
    return new ProjectionSettings(
        partitions,
        batchEntries,
        idleCheckpointEvery,
        restAfterCommit,
        longestRest,
        retryAfter,
        anchorEvery,
        kept,
        truncateEvery,
        policy);
  }
}
