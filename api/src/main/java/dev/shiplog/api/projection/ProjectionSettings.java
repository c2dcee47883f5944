package dev.shiplog.api.projection;

import java.time.Duration;

/**
 * Bounds of the projection.
 *
 * @param assignmentPartitions partitions of the assignments topic
 * @param batchEntries entries in one transaction at most
 * @param idleCheckpointEvery how often the checkpoint moves on while nothing but heartbeats passes:
 *     what is behind it is read again at a start
 * @param restAfterCommit pause after a transaction, in which entries gather for the next
 * @param retryAfter pause after the log failed
 */
public record ProjectionSettings(
    int assignmentPartitions,
    int batchEntries,
    Duration idleCheckpointEvery,
    Duration restAfterCommit,
    Duration retryAfter) {

  public static final ProjectionSettings STANDARD =
      new ProjectionSettings(
          32, 500, Duration.ofSeconds(30), Duration.ofMillis(8), Duration.ofMillis(500));
}
