package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;

/** A filter made ready for one pod or shape. */
@FunctionalInterface
public interface NodeFilter {

  Verdict filter(NodeInfo node);
}
