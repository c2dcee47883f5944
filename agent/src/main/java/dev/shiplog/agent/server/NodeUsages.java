package dev.shiplog.agent.server;

import dev.shiplog.agent.usage.NodeUsage;

/** What the nodes of this process use. Any thread; asks the runtime, which may take seconds. */
public interface NodeUsages {

  /**
   * What a node uses now.
   *
   * @param node its name; empty means the only one
   * @throws RefusedException if there is no such node, or several where none is named
   */
  NodeUsage usage(String node);
}
