package dev.shiplog.scheduler.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The cluster as the scheduler sees it: what was read, plus the placements it has decided on and
 * not seen yet ("assumed"). A pod takes its node's resources from the moment it is assumed, so
 * decisions that follow do not give them away again.
 *
 * <p>Each node has a slot, a small number that stays its own while it exists, for arrays that hold
 * something for each node. {@link #forEachChangedSince} tells which slots to look at again.
 *
 * <p>Mutable; belongs to the scheduling thread. Plugins read it and change nothing.
 */
public final class Cluster {

  private final Map<String, NodeInfo> infos = new HashMap<>();
  private final List<NodeInfo> slots = new ArrayList<>();
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private final ChangeOrder changes = new ChangeOrder();
  private final Map<String, Pod> pods = new HashMap<>();
  private final Map<String, Map<String, Placement>> placements = new HashMap<>();
  private final Map<String, String> assumed = new HashMap<>();
  private final Workloads workloads = new Workloads();
  private final MatchCounts matchCounts = new MatchCounts(this);
  private final Topologies topologies = new Topologies(this);
  private int nodeCount;

  /** How many nodes there are. */
  public int nodeCount() {
    return nodeCount;
  }

  /** Slots are less than this; some may be empty. */
  public int slotCount() {
    return slots.size();
  }

  /** The node in a slot; null where the slot is empty. */
  public NodeInfo at(int slot) {
    return slots.get(slot);
  }

  /** The node of that name, if it exists. */
  public Optional<NodeInfo> node(String name) {
    return Optional.ofNullable(infos.get(name)).filter(info -> info.node() != null);
  }

  /** The pod as it was last read. */
  public Optional<Pod> pod(String key) {
    return Optional.ofNullable(pods.get(key));
  }

  /** All pods as they were last read, in no order. A live view. */
  public Collection<Pod> pods() {
    return Collections.unmodifiableCollection(pods.values());
  }

  public Workloads workloads() {
    return workloads;
  }

  /** How many pods of a namespace a selector selects on each node; see {@link MatchCount}. */
  public MatchCount count(String namespace, LabelSelector selector) {
    return matchCounts.of(namespace, selector);
  }

  /** In which domain of a topology each node lies, up to date. */
  public Topology topology(String key) {
    return topologies.of(key);
  }

  /** Moves with every change of a node or of what is placed on one. */
  public long generation() {
    return changes.generation();
  }

  /** Visits each slot whose node, or what is placed on it, changed after a generation. */
  public void forEachChangedSince(long generation, IntConsumer visitor) {
    changes.forEachSince(generation, visitor);
  }

  /** Takes in a node as it is now. */
  public void putNode(Node node) {
    NodeInfo info = infos.computeIfAbsent(node.name(), NodeInfo::new);
    boolean isNew = info.node() == null;
    info.setNode(node);
    if (isNew) {
      enter(info);
    }
    changes.touch(info.slot());
  }

  /** A node is gone. Pods bound to it stay known: it may come back before they go. */
  public void removeNode(String name) {
    NodeInfo info = infos.get(name);
    if (info == null || info.node() == null) {
      return;
    }
    info.pods().forEach(pod -> matchCounts.displaced(pod, info.slot()));
    slots.set(info.slot(), null);
    freeSlots.push(info.slot());
    changes.touch(info.slot());
    nodeCount--;
    info.setNode(null);
    info.setSlot(-1);
    dropIfVoid(info);
  }

  /** Takes in a pod as it is now. */
  public void putPod(Pod pod) {
    Pod before = pods.put(pod.key(), pod);
    if (pod.isBound() || pod.finished() || (before != null && !before.isSamePod(pod))) {
      assumed.remove(pod.key());
    }
    place(pod.key());
  }

  /** A pod is gone. */
  public void removePod(String key) {
    pods.remove(key);
    assumed.remove(key);
    place(key);
  }

  /** Counts a pending pod as placed on a node, until it is read as bound or forgotten. */
  public void assume(Pod pod, String nodeName) {
    assumed.put(pod.key(), nodeName);
    place(pod.key());
  }

  /** Takes an assumption back. */
  public void forget(String podKey) {
    if (assumed.remove(podKey) != null) {
      place(podKey);
    }
  }

  /** The node on which a pod is assumed and not yet read as bound. */
  public Optional<String> assumedNode(String podKey) {
    return Optional.ofNullable(assumed.get(podKey));
  }

  /** Where a pod lies, bound or assumed, if it lies anywhere. */
  public Optional<Placement> placement(String podKey) {
    return Optional.ofNullable(placementsByKey(namespaceOf(podKey)).get(podKey));
  }

  /** The pods of a namespace that lie on nodes. */
  Collection<Placement> placementsIn(String namespace) {
    return placementsByKey(namespace).values();
  }

  private Map<String, Placement> placementsByKey(String namespace) {
    return placements.getOrDefault(namespace, Map.of());
  }

  private static String namespaceOf(String podKey) {
    return podKey.substring(0, podKey.indexOf('/'));
  }

  private void enter(NodeInfo info) {
    if (freeSlots.isEmpty()) {
      info.setSlot(slots.size());
      slots.add(info);
    } else {
      info.setSlot(freeSlots.pop());
      slots.set(info.slot(), info);
    }
    nodeCount++;
    info.pods().forEach(pod -> matchCounts.placed(pod, info.slot()));
  }

  /** Makes a pod count where it lies now, and nowhere else. */
  private void place(String key) {
    Pod pod = pods.get(key);
    String nodeName = pod == null ? "" : nodeOf(pod);
    displace(key);
    if (!nodeName.isEmpty()) {
      NodeInfo info = infos.computeIfAbsent(nodeName, NodeInfo::new);
      info.add(pod);
      placements
          .computeIfAbsent(pod.namespace(), namespace -> new HashMap<>())
          .put(key, new Placement(pod, info));
      if (info.slot() >= 0) {
        matchCounts.placed(pod, info.slot());
        changes.touch(info.slot());
      }
    }
  }

  private String nodeOf(Pod pod) {
    if (pod.finished()) {
      return "";
    }
    return pod.isBound() ? pod.nodeName() : assumed.getOrDefault(pod.key(), "");
  }

  private void displace(String key) {
    String namespace = namespaceOf(key);
    Map<String, Placement> inNamespace = placementsByKey(namespace);
    Placement old = inNamespace.isEmpty() ? null : inNamespace.remove(key);
    if (old == null) {
      return;
    }
    if (inNamespace.isEmpty()) {
      placements.remove(namespace);
    }
    NodeInfo info = old.node();
    info.remove(old.pod());
    if (info.slot() >= 0) {
      matchCounts.displaced(old.pod(), info.slot());
      changes.touch(info.slot());
    }
    dropIfVoid(info);
  }

  private void dropIfVoid(NodeInfo info) {
    if (info.node() == null && info.podCount() == 0) {
      infos.remove(info.name());
    }
  }
}
