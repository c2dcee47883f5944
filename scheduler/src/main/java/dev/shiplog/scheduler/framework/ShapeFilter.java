package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.PodShape;
import java.util.Optional;

/** A filter whose verdict follows from the pod's shape and the node's state alone. */
public interface ShapeFilter extends Plugin {

  /**
   * Does what need not be done again for every node.
   *
   * @return empty if such pods pass on every node
   */
  Optional<NodeFilter> preFilter(PodShape shape);
}
