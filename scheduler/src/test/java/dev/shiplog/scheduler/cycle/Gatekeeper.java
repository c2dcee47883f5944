package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.BindingPlugins;
import dev.shiplog.scheduler.framework.Permission;
import dev.shiplog.scheduler.framework.Permit;
import dev.shiplog.scheduler.framework.PostBind;
import dev.shiplog.scheduler.framework.Reserve;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plugin at every point after filters and scores, that does as it is told and keeps a record. */
final class Gatekeeper implements Reserve, Permit, Bind, PostBind {

  /** What it was called for, in order. */
  final List<String> calls = new ArrayList<>();

  /** What it says of pods by their names; of others that they pass. */
  final Map<String, Verdict> verdicts = new HashMap<>();

  /** What it says of pods by their names; others are allowed. */
  final Map<String, Permission> permissions = new HashMap<>();

  /** Pods by their names that it binds; others are left to the next plugin. */
  final Map<String, BindExtras> extras = new HashMap<>();

  /** Name of a pod on which it fails at that point. */
  String failsAt = "";

  BindingPlugins alone() {
    return new BindingPlugins(List.of(this), List.of(this), List.of(), List.of(this));
  }

  private void call(String point, Pod pod, String node) {
    calls.add(point + " " + pod.name() + " " + node);
    if (failsAt.equals(point + " " + pod.name())) {
      throw new IllegalStateException("as told");
    }
  }

  @Override
  public String name() {
    return "Gatekeeper";
  }

  @Override
  public Verdict reserve(Pod pod, NodeInfo node, Cluster cluster) {
    call("reserve", pod, node.node().name());
    return verdicts.getOrDefault(pod.name(), Verdict.PASS);
  }

  @Override
  public void unreserve(Pod pod, String node) {
    call("unreserve", pod, node);
  }

  @Override
  public Permission permit(Pod pod, NodeInfo node, Cluster cluster) {
    call("permit", pod, node.node().name());
    return permissions.getOrDefault(pod.name(), new Permission.Allow());
  }

  @Override
  public Optional<BindExtras> bind(Pod pod, NodeInfo node) {
    call("bind", pod, node.node().name());
    return Optional.ofNullable(extras.get(pod.name()));
  }

  @Override
  public void postBind(Pod pod, String node) {
    call("postBind", pod, node);
  }
}
