package dev.shiplog.scheduler.model;

/**
 * One term of pod affinity or anti-affinity: near which pods, and how near.
 *
 * @param pods the pods it is about
 * @param topologyKey the node label whose values are the domains within which a pod is near
 */
public record AffinityTerm(PodSelector pods, String topologyKey) {

  /**
   * A term that is wished for.
   *
   * @param weight 1 to 100; negative where it is wished not to be near
   */
  public record Preferred(int weight, AffinityTerm term) {}
}
