package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import java.util.List;
import java.util.Optional;

/**
 * Spreads pods over the domains of a topology. A pod's own constraints say how: those that are
 * required filter, the others score. A pod without any is spread over hosts and zones, away from
 * the other pods of its Services and its controller.
 */
public final class PodTopologySpread implements ClusterFilter, ClusterScore {

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private final List<SpreadConstraint> listedDefaults;
  private final boolean usesSystemDefaults;

  public PodTopologySpread() {
    this(null);
  }

  /**
   * With arguments.
   *
   * @param listedDefaults constraints, without selectors, of pods that have none of their own; null
   *     to spread them over hosts and zones
   */
  public PodTopologySpread(List<SpreadConstraint> listedDefaults) {
    this.usesSystemDefaults = listedDefaults == null;
    this.listedDefaults = usesSystemDefaults ? List.of() : List.copyOf(listedDefaults);
  }

  @Override
  public String name() {
    return "PodTopologySpread";
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    List<SpreadConstraint> required = constraints(pod, cluster, true);
    return required.isEmpty()
        ? Optional.empty()
        : Optional.of(new SpreadFilter(pod, required, cluster));
  }

  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return switch (event) {
      case ClusterEvent.NodeChanged changed -> true;
      case ClusterEvent.NodeRemoved removed -> true;
      case ClusterEvent.VolumesChanged changed -> false;
      case ClusterEvent.PodFreed freed -> counts(freed.pod(), pod, cluster);
      case ClusterEvent.PodPlaced placed -> counts(placed.pod(), pod, cluster);
    };
  }

  @Override
  public boolean score(Pod pod, Cluster cluster, Candidates candidates, long[] scores) {
    List<SpreadConstraint> wishes = constraints(pod, cluster, false);
    if (wishes.isEmpty()) {
      return false;
    }
    // Nodes without zones are spread over as hosts at least, where nobody said otherwise.
    boolean needsAllKeys = !pod.spread().isEmpty() || !usesSystemDefaults;
    new SpreadScore(pod, wishes, needsAllKeys, cluster, candidates).fill(scores);
    return true;
  }

  private boolean counts(Pod changed, Pod waiting, Cluster cluster) {
    return changed.namespace().equals(waiting.namespace())
        && constraints(waiting, cluster, true).stream()
            .anyMatch(constraint -> constraint.selector().matches(changed.labels()));
  }

  private List<SpreadConstraint> constraints(Pod pod, Cluster cluster, boolean required) {
    if (!pod.spread().isEmpty()) {
      return pod.spread().stream().filter(c -> c.required() == required).toList();
    }
    boolean mayHaveDefaults =
        usesSystemDefaults
            ? !required
            : listedDefaults.stream().anyMatch(c -> c.required() == required);
    return mayHaveDefaults ? defaults(pod, cluster, required) : List.of();
  }

  private List<SpreadConstraint> defaults(Pod pod, Cluster cluster, boolean required) {
    LabelSelector selector = cluster.workloads().selectorOf(pod);
    if (selector.isEverything()) {
      return List.of();
    }
    return usesSystemDefaults
        ? List.of(
            SpreadConstraint.preferred(HOSTNAME, 3, selector),
            SpreadConstraint.preferred(ZONE, 5, selector))
        : listedDefaults.stream()
            .filter(constraint -> constraint.required() == required)
            .map(constraint -> constraint.withSelector(selector))
            .toList();
  }
}
