package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plugin's filter made ready for one pod or shape.
 *
 * @param name the plugin's
 */
record ReadyFilter(String name, NodeFilter filter) {

  /** Those for a shape, in the order in which they are asked: what narrows goes first. */
  static List<ReadyFilter> of(List<ShapeFilter> plugins, PodShape shape) {
    List<ReadyFilter> ready = new ArrayList<>();
    for (ShapeFilter plugin : plugins) {
      plugin.narrow(shape).ifPresent(f -> ready.add(new ReadyFilter(plugin.name(), f)));
    }
    for (ShapeFilter plugin : plugins) {
      plugin.preFilter(shape).ifPresent(f -> ready.add(new ReadyFilter(plugin.name(), f)));
    }
    return List.copyOf(ready);
  }

  /** Those for a pod. */
  static List<ReadyFilter> of(List<ClusterFilter> plugins, Pod pod, Cluster cluster) {
    List<ReadyFilter> ready = List.of();
    for (ClusterFilter plugin : plugins) {
      NodeFilter filter = plugin.preFilter(pod, cluster).orElse(null);
      if (filter != null) {
        ready = ready.isEmpty() ? new ArrayList<>() : ready;
        ready.add(new ReadyFilter(plugin.name(), filter));
      }
    }
    return ready;
  }

  /** What is told where one of them turns every node down for something about the pod. */
  static Optional<Diagnosis> everywhere(List<ReadyFilter> filters, boolean ofShape, int nodes) {
    for (ReadyFilter ready : filters) {
      if (ready.filter() instanceof NodeFilter.Everywhere everywhere) {
        return Optional.of(
            Diagnosis.everywhere(ready.name(), ofShape, everywhere.verdict(), nodes));
      }
    }
    return Optional.empty();
  }
}
