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

  /**
   * Asked of every node before any plugin filters: for pods that name outright which nodes come
   * into question, so that nothing else need be said of the others.
   *
   * @return empty if all do
   */
  default Optional<NodeFilter> narrow(PodShape shape) {
    return Optional.empty();
  }
}
