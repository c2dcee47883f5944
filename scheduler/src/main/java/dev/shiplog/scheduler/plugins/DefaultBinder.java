package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/** Binds every pod, and adds nothing to it. */
public final class DefaultBinder implements Bind {

  private static final Optional<BindExtras> BINDS = Optional.of(BindExtras.NONE);

  @Override
  public String name() {
    return "DefaultBinder";
  }

  @Override
  public Optional<BindExtras> bind(Pod pod, NodeInfo node) {
    return BINDS;
  }
}
