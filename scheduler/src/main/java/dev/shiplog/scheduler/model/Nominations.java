package dev.shiplog.scheduler.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * For which pending pods room is held on which node, because others are leaving it for them.
 * Belongs to the scheduling thread.
 */
public final class Nominations {

  private final Map<String, String> nodes = new LinkedHashMap<>();
  private final Map<String, Set<String>> podsByNode = new LinkedHashMap<>();

  Nominations() {}

  public boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** The node on which room is held for a pod. */
  public Optional<String> of(String podKey) {
    return Optional.ofNullable(nodes.get(podKey));
  }

  /** Names of the nodes on which room is held. A live view. */
  public Set<String> nodes() {
    return Collections.unmodifiableSet(podsByNode.keySet());
  }

  /** Keys of the pods for which room is held. A live view. */
  public Set<String> pods() {
    return Collections.unmodifiableSet(nodes.keySet());
  }

  /** Keys of the pods for which room is held on a node. */
  public Set<String> podsOn(String node) {
    return podsByNode.getOrDefault(node, Set.of());
  }

  /** Holds room for a pod there, and nowhere else. */
  public void put(String podKey, String node) {
    remove(podKey);
    nodes.put(podKey, node);
    podsByNode.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(podKey);
  }

  /** The room is no longer held. */
  public void remove(String podKey) {
    String node = nodes.remove(podKey);
    if (node != null) {
      podsByNode.get(node).remove(podKey);
      podsByNode.computeIfPresent(node, (n, pods) -> pods.isEmpty() ? null : pods);
    }
  }

  /** One that was decided here and not read yet stays; one that was read and is gone, goes. */
  void read(Pod before, Pod pod) {
    String node = pod.preemption().nominatedNode();
    if (!pod.isPending()) {
      remove(pod.key());
    } else if (!node.isEmpty()) {
      put(pod.key(), node);
    } else if (before != null && !before.preemption().nominatedNode().isEmpty()) {
      remove(pod.key());
    }
  }
}
