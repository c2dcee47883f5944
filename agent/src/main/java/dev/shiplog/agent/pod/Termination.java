package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.status.Situation.Words;
import java.time.Duration;

/**
 * Why a pod ends.
 *
 * @param reason for the pod's status, or empty
 * @param message for the pod's status, or empty
 */
record Termination(Cause cause, String reason, String message) {

  static final Termination COMPLETED = new Termination(Cause.COMPLETED, "", "");
  static final Termination DELETED = new Termination(Cause.DELETED, "", "");
  static final Termination REMOVED = new Termination(Cause.REMOVED, "", "");
  static final Termination DEADLINE_EXCEEDED =
      new Termination(
          Cause.FAILED,
          "DeadlineExceeded",
          "Pod was active on the node longer than the specified deadline");

  /** How long the containers of an evicted pod get. */
  static final Duration EVICTION_GRACE = Duration.ofSeconds(1);

  /** The node does not take the pod. */
  static Termination rejected(Words words) {
    return new Termination(Cause.REJECTED, words.reason(), "Pod was rejected: " + words.message());
  }

  /** The node ends the pod for want of something. */
  static Termination evicted(String message) {
    return new Termination(Cause.FAILED, "Evicted", message);
  }

  /** The node shuts down. */
  static final Termination NODE_SHUTDOWN =
      new Termination(
          Cause.FAILED, "Terminated", "Pod was terminated in response to imminent node shutdown.");

  /** What brought the end about. */
  enum Cause {
    /** Its containers ended and its restart policy says that is all. */
    COMPLETED,
    /** The node ends it: it failed, whatever its containers say. */
    FAILED,
    /** The node does not take it: it failed before anything of it ran. */
    REJECTED,
    /** Somebody deletes it; the cluster waits for the node. */
    DELETED,
    /** It is gone from the node; nobody waits. */
    REMOVED
  }
}
