package dev.shiplog.scheduler.check;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the revisions at which a node held more than it has. It is told every change of nodes and
 * pods in the order of revisions, and adds up anew what lies on a node whenever a pod comes to take
 * more of it. A node that shrinks below what lies on it already is nobody's fault; a pod that comes
 * while it is too small is, if it takes of what is too little. A node that is not known, or does
 * not say what it has, is not judged.
 *
 * <p>One thread.
 */
public final class OvercommitChecker {

  /**
   * A pod that came to a node without the room for it.
   *
   * @param revision at which it came
   * @param pod its key
   * @param exceeded what there is too little of, for example {@code cpu: 4100m of 4000m}
   */
  public record Finding(long revision, String node, String pod, List<String> exceeded) {

    public Finding {
      exceeded = List.copyOf(exceeded);
    }

    @Override
    public String toString() {
      return "at revision %d pod %s came to node %s, which held too much then: %s"
          .formatted(revision, pod, node, String.join(", ", exceeded));
    }
  }

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Pod> pods = new HashMap<>();
  private final Map<String, Map<String, Pod>> placed = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private long revision;
  private int arrivals;

  /** A node as it is from a revision on; null once it is gone. */
  public void node(long atRevision, String name, Node node) {
    advance(atRevision);
    if (node == null) {
      nodes.remove(name);
    } else {
      nodes.put(name, node);
    }
  }

  /** A pod as it is from a revision on; null once it is gone. */
  public void pod(long atRevision, String key, Pod pod) {
    advance(atRevision);
    Pod before = pod == null ? pods.remove(key) : pods.put(key, pod);
    boolean tookBefore = before != null && takesOf(before);
    if (tookBefore) {
      placed.get(before.nodeName()).remove(key);
    }
    if (pod != null && takesOf(pod)) {
      placed.computeIfAbsent(pod.nodeName(), name -> new HashMap<>()).put(key, pod);
      if (!tookBefore || !pod.isSamePod(before) || takesMore(before, pod)) {
        arrivals++;
        judge(pod);
      }
    }
  }

  /** All that was found so far, oldest first. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** How often a pod came to a node. */
  public int arrivals() {
    return arrivals;
  }

  /** The last revision it was told of. */
  public long revision() {
    return revision;
  }

  private void advance(long to) {
    if (to < revision) {
      throw new IllegalArgumentException("revision " + to + " after revision " + revision);
    }
    revision = to;
  }

  private static boolean takesOf(Pod pod) {
    return pod.isBound() && !pod.finished();
  }

  private static boolean takesMore(Pod before, Pod after) {
    Resources more = after.shape().requests().minus(before.shape().requests());
    return more.cpuMilli() > 0
        || more.memoryBytes() > 0
        || more.ephemeralBytes() > 0
        || more.extended().values().stream().anyMatch(amount -> amount > 0);
  }

  private void judge(Pod arrived) {
    Node node = nodes.get(arrived.nodeName());
    if (node == null || (node.maxPods() == 0 && node.allocatable().isNone())) {
      return;
    }
    List<String> exceeded = exceeded(node, placed.get(node.name()).values(), arrived);
    if (!exceeded.isEmpty()) {
      findings.add(new Finding(revision, node.name(), arrived.key(), exceeded));
    }
  }

  private static List<String> exceeded(Node node, Iterable<Pod> there, Pod arrived) {
    Resources taken = Resources.NONE;
    int count = 0;
    for (Pod pod : there) {
      taken = taken.plus(pod.shape().requests());
      count++;
    }
    List<String> exceeded = new ArrayList<>();
    Resources asked = arrived.shape().requests();
    List<String> names = new ArrayList<>(List.of("cpu", "memory", "ephemeral-storage"));
    names.addAll(new TreeSet<>(asked.extended().keySet()));
    for (String name : names) {
      if (asked.of(name) > 0) {
        compare(name, taken.of(name), node.allocatable().of(name), exceeded);
      }
    }
    compare("pods", count, node.maxPods(), exceeded);
    return exceeded;
  }

  private static void compare(String what, long taken, long has, List<String> exceeded) {
    if (taken > has) {
      String unit = what.equals("cpu") ? "m" : "";
      exceeded.add("%s: %d%s of %d%s".formatted(what, taken, unit, has, unit));
    }
  }
}
