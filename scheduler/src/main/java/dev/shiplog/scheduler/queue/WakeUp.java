package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.PodShape;

/**
 * Decides which waiting pods a change may help: the queueing hints of all plugins in one. Pods of a
 * shape wait together, so that a thousand replicas cost one question.
 */
public interface WakeUp {

  /** What happened, in Kubernetes' words. */
  String cause();

  /** True if the change may help every pod of the shape. */
  boolean helps(PodShape shape);

  /** True if it may help this pod; asked of those that a cluster filter turned down. */
  boolean helps(QueuedPod pod);
}
