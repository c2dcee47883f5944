package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;

/**
 * What scheduling reads of a Node object.
 *
 * @param unschedulable true if it is cordoned
 * @param allocatable what pods may use of it, all of them together
 * @param maxPods how many pods may run on it
 * @param images sizes in bytes of the images it has, by each of their names
 */
public record Node(
    String name,
    Map<String, String> labels,
    List<Taint> taints,
    boolean unschedulable,
    Resources allocatable,
    int maxPods,
    Map<String, Long> images) {

  public Node {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    images = Map.copyOf(images);
  }
}
