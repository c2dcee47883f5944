package dev.shiplog.scheduler.reference;

import dev.shiplog.scheduler.model.AffinityTerm;
import dev.shiplog.scheduler.model.HostPort;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Resources;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.model.Taint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** On which nodes a pod can run. */
public record ReferenceFilters(World world) {

  private static final Taint CORDONED =
      new Taint("node.kubernetes.io/unschedulable", "", Taint.Effect.NO_SCHEDULE);

  /** True if every filter passes. */
  public boolean feasible(Pod pod, Node node) {
    return (!node.unschedulable() || pod.shape().tolerates(CORDONED))
        && pod.shape().toleratesTaintsOf(node)
        && pod.shape().nodeAffinity().allows(node)
        && portsAreFree(pod, node)
        && disksAreFree(pod, node)
        && fits(pod, node)
        && pod.spread().stream()
            .filter(SpreadConstraint::required)
            .allMatch(c -> even(c, pod, node))
        && nearAll(pod, node)
        && pod.affinity().forbidden().stream()
            .noneMatch(term -> near(term, node, other -> world.selects(term.pods(), other)))
        && world.nodes().stream().allMatch(other -> allowedBy(other, pod, node))
        && new ReferenceVolumes(world, world.storage()).allow(pod, node);
  }

  private boolean portsAreFree(Pod pod, Node node) {
    for (Pod other : world.podsOn(node)) {
      for (HostPort taken : other.shape().hostPorts()) {
        if (pod.shape().hostPorts().stream().anyMatch(taken::conflictsWith)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean fits(Pod pod, Node node) {
    Resources taken = Resources.NONE;
    for (Pod other : world.podsOn(node)) {
      taken = taken.plus(other.shape().requests());
    }
    Resources free = node.allocatable().minus(taken);
    Resources wanted = pod.shape().requests();
    return world.podsOn(node).size() < node.maxPods()
        && (wanted.cpuMilli() == 0 || wanted.cpuMilli() <= free.cpuMilli())
        && (wanted.memoryBytes() == 0 || wanted.memoryBytes() <= free.memoryBytes())
        && (wanted.ephemeralBytes() == 0 || wanted.ephemeralBytes() <= free.ephemeralBytes())
        && wanted.extended().entrySet().stream()
            .allMatch(each -> each.getValue() <= free.extended(each.getKey()));
  }

  /** Two pods may have one disk only if both only read it. */
  private boolean disksAreFree(Pod pod, Node node) {
    return world.podsOn(node).stream()
        .flatMap(other -> other.disks().stream())
        .noneMatch(there ->
            pod.disks().stream()
                .anyMatch(disk ->
                    disk.identity().equals(there.identity())
                        && !(disk.readOnly() && there.readOnly())));
  }

  private boolean even(SpreadConstraint constraint, Pod pod, Node node) {
    String mine = node.labels().get(constraint.topologyKey());
    if (mine == null) {
      return false;
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Node other : world.nodes()) {
      boolean hasAllKeys =
          pod.spread().stream()
              .filter(SpreadConstraint::required)
              .allMatch(c -> other.labels().containsKey(c.topologyKey()));
      if (hasAllKeys && constraint.counts(other, pod.shape())) {
        counts.merge(
            other.labels().get(constraint.topologyKey()),
            matching(constraint, pod, other),
            Integer::sum);
      }
    }
    int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    int emptiest = counts.size() < constraint.minDomains() ? 0 : least;
    int itself = constraint.selector().matches(pod.labels()) ? 1 : 0;
    return counts.getOrDefault(mine, 0) + itself - emptiest <= constraint.maxSkew();
  }

  int matching(SpreadConstraint constraint, Pod pod, Node node) {
    return (int)
        world.podsOn(node).stream()
            .filter(other -> !other.terminating() && other.namespace().equals(pod.namespace()))
            .filter(other -> constraint.selector().matches(other.labels()))
            .count();
  }

  private boolean nearAll(Pod pod, Node node) {
    List<AffinityTerm> terms = pod.affinity().required();
    Predicate<Pod> wanted = p -> terms.stream().allMatch(term -> world.selects(term.pods(), p));
    boolean anyAnywhere =
        terms.stream()
            .anyMatch(term -> world.nodes().stream().anyMatch(n -> near(term, n, wanted)));
    boolean isFirst = !anyAnywhere && wanted.test(pod);
    return terms.stream()
        .allMatch(term ->
            isFirst ? node.labels().containsKey(term.topologyKey()) : near(term, node, wanted));
  }

  /** True if such a pod lies in the node's domain. */
  private boolean near(AffinityTerm term, Node node, Predicate<Pod> wanted) {
    return world.nodes().stream()
        .filter(other -> sameDomain(term, node, other))
        .anyMatch(other -> world.podsOn(other).stream().anyMatch(wanted));
  }

  static boolean sameDomain(AffinityTerm term, Node a, Node b) {
    String domain = a.labels().get(term.topologyKey());
    return domain != null && domain.equals(b.labels().get(term.topologyKey()));
  }

  /** True if no pod of another node forbids this one on the node. */
  private boolean allowedBy(Node other, Pod pod, Node node) {
    return world.podsOn(other).stream()
        .flatMap(placed -> placed.affinity().forbidden().stream())
        .noneMatch(term -> world.selects(term.pods(), pod) && sameDomain(term, node, other));
  }
}
