package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.Permission;
import dev.shiplog.scheduler.framework.Permit;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.framework.PostBind;
import dev.shiplog.scheduler.framework.Reserve;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.Optional;

/**
 * A plugin that takes part at every point from a pod's node to its binding, and objects to none.
 */
final class Everywhere implements Reserve, Permit, Bind, PostBind {

  record Factory(String name) implements PluginFactory {
    @Override
    public Plugin create(Args args) {
      return new Everywhere(name);
    }
  }

  private final String name;

  private Everywhere(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Verdict reserve(Pod pod, NodeInfo node, Cluster cluster) {
    return Verdict.PASS;
  }

  @Override
  public void unreserve(Pod pod, String node) {
    // It keeps nothing.
  }

  @Override
  public Permission permit(Pod pod, NodeInfo node, Cluster cluster) {
    return new Permission.Allow();
  }

  @Override
  public Optional<BindExtras> bind(Pod pod, NodeInfo node) {
    return Optional.empty();
  }

  @Override
  public void postBind(Pod pod, String node) {
    // Nobody wants to know.
  }
}
