package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import java.util.List;

/** What the scheduler tells the world. Called on the scheduling thread; does not block. */
public interface Outbox {

  /**
   * A pod that is to be bound to a node.
   *
   * @param decision where in the scheduler's work that was decided
   * @param extras what the pod gets with its node
   */
  record Placing(Pod pod, String node, DecisionMark decision, BindExtras extras) {}

  /**
   * Asks for pods to be bound, in one commit that also makes the Events which tell of it. A pod is
   * bound only if it is still the same pod.
   *
   * @param allOrNone whether none is to be bound if one cannot be
   * @return the command's id, to know its outcome by
   */
  String bind(List<Placing> pods, boolean allOrNone);

  /** The id of the trace that a pod's scheduling belongs to; empty if to none. */
  default String traceOf(Pod pod) {
    return "";
  }

  /**
   * Writes into the pod's PodScheduled condition, and an Event, why it is still pending.
   *
   * @param reason for machines, for example {@code Unschedulable}
   * @param message for people
   * @param nowMs when that was found
   */
  void pending(Pod pod, String reason, String message, long nowMs);

  /** Writes into the pod's PodScheduled condition that its scheduling gates hold it back. */
  void gated(Pod pod, long nowMs);

  /**
   * Writes into a pod's status for which node it is nominated.
   *
   * @param node empty to write that it is for none
   */
  void nominate(Pod pod, String node);

  /**
   * Has a pod deleted, with the time it is due, to make room for another; its status and an Event
   * say so.
   */
  void preempt(Pod victim, Pod preemptor, String node, long nowMs);

  /**
   * Asks for a volume to be kept for a claim, unless it has changed since it was read.
   *
   * @param claimKey {@code namespace/name}
   * @return the command's id
   */
  String keepVolume(String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim);

  /**
   * Asks for a volume to be made for a claim, on a node.
   *
   * @param claimKey {@code namespace/name}
   * @return the command's id
   */
  String selectNode(String claimKey, Volumes.Claim claim, String node);
}
