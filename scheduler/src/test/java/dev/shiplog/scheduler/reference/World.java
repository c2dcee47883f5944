package dev.shiplog.scheduler.reference;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodSelector;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * All there is.
 *
 * @param namespaces labels by name
 * @param service a Service of namespace default selects pods by these labels
 */
public record World(
    Collection<Node> nodes,
    Collection<Pod> pods,
    Map<String, Map<String, String>> namespaces,
    Map<String, String> service,
    Storage storage) {

  List<Pod> podsOn(Node node) {
    return pods.stream()
        .filter(pod -> pod.nodeName().equals(node.name()) && !pod.finished())
        .toList();
  }

  boolean selects(PodSelector selector, Pod pod) {
    return selector.matches(
        pod.namespace(), namespaces.getOrDefault(pod.namespace(), Map.of()), pod.labels());
  }
}
