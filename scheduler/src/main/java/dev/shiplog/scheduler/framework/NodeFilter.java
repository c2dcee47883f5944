package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;

/** A filter made ready for one pod or shape. */
@FunctionalInterface
public interface NodeFilter {

  Verdict filter(NodeInfo node);

  /**
   * One that turns every node down for something about the pod itself. Users are told the reason
   * once, without a count of nodes.
   */
  static NodeFilter everywhere(Verdict verdict) {
    return new Everywhere(verdict);
  }

  /** What {@link #everywhere} gives. */
  record Everywhere(Verdict verdict) implements NodeFilter {
    @Override
    public Verdict filter(NodeInfo node) {
      return verdict;
    }
  }
}
