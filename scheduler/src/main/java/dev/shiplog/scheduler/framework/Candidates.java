package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.NodeInfo;

/** The nodes on which a pod can run, by index from 0. Valid during the call it is given to. */
public interface Candidates {

  int count();

  NodeInfo node(int index);

  /** The same as {@code node(index).slot()}, but cheaper. */
  int slot(int index);
}
