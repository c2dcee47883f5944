package dev.shiplog.agent.assignments;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;

/**
 * Is told which pods a node is to run. Called by one thread, in the order of the log; must not
 * block for long, since every other node of the process waits meanwhile.
 */
public interface AssignmentListener {

  /**
   * These are all of the node's pods; a pod that is not among them is gone. Told first, once the
   * end of the log was reached, and again whenever the log had to be read anew.
   */
  void snapshot(Collection<Pod> pods);

  /**
   * A pod was bound to the node or changed. Its uid tells whether it is the one known by its name.
   */
  void assigned(Pod pod);

  /**
   * The same, as it follows from a step of a trace.
   *
   * @param traceparent the step; null if there is none
   */
  default void assigned(Pod pod, String traceparent) {
    assigned(pod);
  }

  /** The pod of that name is gone from the node. */
  void removed(String namespace, String name);
}
