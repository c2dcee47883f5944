package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/**
 * Says what goes with a binding onto the pod. That pods are bound, many in one command, is the
 * scheduler's own business.
 */
public interface Bind extends Plugin {

  /**
   * Asked in the order of the profile until one has an answer.
   *
   * @return empty to leave the pod to the next
   */
  Optional<BindExtras> bind(Pod pod, NodeInfo node);
}
