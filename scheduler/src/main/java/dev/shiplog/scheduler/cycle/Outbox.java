package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;

/** What the scheduler tells the world. Called on the scheduling thread; does not block. */
public interface Outbox {

  /**
   * Asks for a pod to be bound to a node. It is bound only if it is still the same pod.
   *
   * @return the command's id, to know its outcome by
   */
  String bind(Pod pod, String node);

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

  /** Writes an Event that the pod was bound. */
  void bound(Pod pod, String node);
}
