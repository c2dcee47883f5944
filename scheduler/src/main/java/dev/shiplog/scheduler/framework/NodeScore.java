package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;

/** A score made ready for one pod or shape. */
@FunctionalInterface
public interface NodeScore {

  /** The score of a fully suitable node. */
  long MAX = 100;

  /** How well the node suits; what range it has, the plugin says. */
  long score(NodeInfo node);
}
