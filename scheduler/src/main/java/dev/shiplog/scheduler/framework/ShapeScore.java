package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.PodShape;
import java.util.Optional;

/** A score that follows from the pod's shape and the node's state alone. */
public interface ShapeScore extends Plugin {

  /**
   * Does what need not be done again for every node.
   *
   * @return empty if every node suits such pods alike
   */
  Optional<NodeScore> preScore(PodShape shape);

  Scale scale();
}
