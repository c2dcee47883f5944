package dev.shiplog.scheduler.model;

/**
 * How evenly the pods that a selector selects, within the pod's namespace, are to lie over the
 * domains of a topology.
 *
 * @param topologyKey the node label whose values are the domains
 * @param maxSkew how many more than the emptiest domain one may hold
 * @param required true for DoNotSchedule, false for ScheduleAnyway
 * @param selector labels of the pods that count
 * @param minDomains with fewer domains than that the emptiest counts as holding nothing
 * @param honorsAffinity true if only nodes count that the pod's node affinity allows
 * @param honorsTaints true if only nodes count whose taints the pod tolerates
 */
public record SpreadConstraint(
    String topologyKey,
    int maxSkew,
    boolean required,
    LabelSelector selector,
    int minDomains,
    boolean honorsAffinity,
    boolean honorsTaints) {

  /** A constraint that is a wish only, with everything else as it is by default. */
  public static SpreadConstraint preferred(
      String topologyKey, int maxSkew, LabelSelector selector) {
    return new SpreadConstraint(topologyKey, maxSkew, false, selector, 1, true, false);
  }

  /** The same for other pods. */
  public SpreadConstraint withSelector(LabelSelector other) {
    return new SpreadConstraint(
        topologyKey, maxSkew, required, other, minDomains, honorsAffinity, honorsTaints);
  }

  /** True if a node, and what lies on it, counts for that pod. */
  public boolean counts(Node node, PodShape shape) {
    return (!honorsAffinity || shape.nodeAffinity().allows(node))
        && (!honorsTaints || shape.toleratesTaintsOf(node));
  }
}
