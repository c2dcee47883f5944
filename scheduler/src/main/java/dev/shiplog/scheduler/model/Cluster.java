package dev.shiplog.scheduler.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private final Set<String> hidden = new HashSet<>();
  private final Nominations nominations = new Nominations();
  private final TreeMap<Integer, Integer> placedByPriority = new TreeMap<>();
  private final Budgets budgets = new Budgets();
  private final PodGroups groups = new PodGroups();
  private final Volumes volumes = new Volumes();
  private final Map<String, Integer> claimUsers = new HashMap<>();
  private final Workloads workloads = new Workloads();
  private final Namespaces namespaces = new Namespaces();
  private final MatchCounts matchCounts = new MatchCounts(this, namespaces);
  private final PlacedTerms forbidden = new PlacedTerms();
  private final PlacedTerms required = new PlacedTerms();
  private final PlacedTerms preferred = new PlacedTerms();
  private final Topologies topologies = new Topologies(this);
  private final Map<String, ImageCopies> images = new HashMap<>();
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

  /**
   * How many pods of a namespace a selector selects on each node; pods that are being deleted do
   * not count.
   */
  public MatchCount count(String namespace, LabelSelector selector) {
    return count(new PodMatch(List.of(PodSelector.in(namespace, selector)), false));
  }

  /** How many such pods lie on each node. */
  public MatchCount count(PodMatch match) {
    return matchCounts.of(match);
  }

  /** The required anti-affinity terms of placed pods that are about a pod. */
  public List<PlacedTerm> forbiddenNear(Pod pod) {
    return forbidden.about(pod, namespaces);
  }

  /** The required affinity terms of placed pods that are about a pod. */
  public List<PlacedTerm> requiredNear(Pod pod) {
    return required.about(pod, namespaces);
  }

  /** The wishes of placed pods that are about a pod, with their weights. */
  public List<PlacedTerm> preferredNear(Pod pod) {
    return preferred.about(pod, namespaces);
  }

  /** True if the selector selects the pod, by the labels its namespace has now. */
  public boolean selects(PodSelector selector, Pod pod) {
    return selector.matches(pod.namespace(), namespaces.labelsOf(pod.namespace()), pod.labels());
  }

  /** Takes in the labels of a namespace; none once it is gone. */
  public void putNamespace(String name, Map<String, String> labels) {
    if (namespaces.put(name, labels)) {
      matchCounts.forgetThoseByNamespaceLabels();
    }
  }

  /** On which nodes an image is; null if it is on none. */
  public ImageCopies copiesOf(String image) {
    return images.get(image);
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
    Node before = info.node();
    info.setNode(node);
    if (before == null) {
      enter(info);
    }
    changeImages(before, node, info.slot());
    changes.touch(info.slot());
  }

  /** A node is gone. Pods bound to it stay known: it may come back before they go. */
  public void removeNode(String name) {
    NodeInfo info = infos.get(name);
    if (info == null || info.node() == null) {
      return;
    }
    info.pods().forEach(pod -> count(pod, info.slot(), -1));
    removeImages(info.node(), info.slot());
    slots.set(info.slot(), null);
    freeSlots.push(info.slot());
    changes.touch(info.slot());
    nodeCount--;
    info.setNode(null);
    info.setSlot(-1);
    dropIfVoid(info);
  }

  private void changeImages(Node before, Node after, int slot) {
    if (before != null && before.images().equals(after.images())) {
      return;
    }
    if (before != null) {
      removeImages(before, slot);
    }
    after
        .images()
        .forEach((image, bytes) ->
            images.computeIfAbsent(image, i -> new ImageCopies()).put(slot, bytes));
  }

  private void removeImages(Node node, int slot) {
    for (String image : node.images().keySet()) {
      ImageCopies copies = images.get(image);
      copies.remove(slot);
      if (copies.nodes() == 0) {
        images.remove(image);
      }
    }
  }

  /** Takes in a pod as it is now. */
  public void putPod(Pod pod) {
    Pod before = pods.put(pod.key(), pod);
    groups.change(before, pod);
    nominations.read(before, pod);
    if (pod.isBound() || pod.finished() || (before != null && !before.isSamePod(pod))) {
      assumed.remove(pod.key());
    }
    place(pod.key());
  }

  /** A pod is gone. */
  public void removePod(String key) {
    groups.change(pods.remove(key), null);
    assumed.remove(key);
    nominations.remove(key);
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

  /**
   * Tries out what would be if a placed pod were not there. Whoever hides it shows it again before
   * anything else happens.
   */
  public void hide(String podKey) {
    hidden.add(podKey);
    place(podKey);
  }

  /** Ends {@link #hide}. */
  public void show(String podKey) {
    if (hidden.remove(podKey)) {
      place(podKey);
    }
  }

  /** Room held for pods that wait for others to leave. */
  public Nominations nominations() {
    return nominations;
  }

  /** True if any placed pod has a lower priority. */
  public boolean hasPodsBelow(int priority) {
    return !placedByPriority.isEmpty() && placedByPriority.firstKey() < priority;
  }

  public Volumes volumes() {
    return volumes;
  }

  /** True if a placed pod uses the claim of that key. */
  public boolean isClaimInUse(String claimKey) {
    return claimUsers.containsKey(claimKey);
  }

  /** Keys of the pods of a group ({@link Pod#groupKey}), sorted. A live view. */
  public Set<String> podsOfGroup(String groupKey) {
    return groups.of(groupKey);
  }

  public Budgets budgets() {
    return budgets;
  }

  /** Where a pod lies, bound or assumed, if it lies anywhere. */
  public Optional<Placement> placement(String podKey) {
    return Optional.ofNullable(placementsByKey(namespaceOf(podKey)).get(podKey));
  }

  /** The pods of a namespace that lie on nodes. */
  Collection<Placement> placementsIn(String namespace) {
    return placementsByKey(namespace).values();
  }

  /** Namespaces of which pods lie on nodes. */
  Collection<String> namespacesWithPlacements() {
    return placements.keySet();
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
    info.pods().forEach(pod -> count(pod, info.slot(), 1));
  }

  /** Makes a pod count where it lies now, and nowhere else. */
  private void place(String key) {
    Pod pod = pods.get(key);
    String nodeName = pod == null ? "" : nodeOf(pod);
    displace(key);
    if (!nodeName.isEmpty()) {
      NodeInfo info = infos.computeIfAbsent(nodeName, NodeInfo::new);
      info.add(pod);
      placedByPriority.merge(pod.priority(), 1, Integer::sum);
      pod.claims().forEach(claim -> useClaim(pod.namespace() + "/" + claim, 1));
      placements
          .computeIfAbsent(pod.namespace(), namespace -> new HashMap<>())
          .put(key, new Placement(pod, info));
      if (info.slot() >= 0) {
        count(pod, info.slot(), 1);
        changes.touch(info.slot());
      }
    }
  }

  private void useClaim(String claimKey, int by) {
    claimUsers.merge(claimKey, by, (all, one) -> all + one == 0 ? null : all + one);
  }

  /** Counts a pod in a slot (by 1) or no longer (by -1). */
  private void count(Pod pod, int slot, int by) {
    matchCounts.add(pod, slot, by);
    PodAffinity affinity = pod.affinity();
    if (!affinity.isNone()) {
      affinity.forbidden().forEach(term -> forbidden.add(term, slot, 1, by));
      affinity.required().forEach(term -> required.add(term, slot, 1, by));
      affinity.preferred().forEach(wish -> preferred.add(wish.term(), slot, wish.weight(), by));
    }
  }

  private String nodeOf(Pod pod) {
    if (pod.finished() || hidden.contains(pod.key())) {
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
    old.pod().claims().forEach(claim -> useClaim(namespace + "/" + claim, -1));
    placedByPriority.computeIfPresent(old.pod().priority(), (p, n) -> n == 1 ? null : n - 1);
    if (info.slot() >= 0) {
      count(old.pod(), info.slot(), -1);
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
