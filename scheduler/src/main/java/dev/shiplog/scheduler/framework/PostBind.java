package dev.shiplog.scheduler.framework;

import dev.shiplog.scheduler.model.Pod;

/** Is told of pods that this scheduler has bound. */
public interface PostBind extends Plugin {

  /**
   * The pod was read as bound.
   *
   * @param pod as it is now
   */
  void postBind(Pod pod, String node);
}
