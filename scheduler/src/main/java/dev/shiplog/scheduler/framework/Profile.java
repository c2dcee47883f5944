package dev.shiplog.scheduler.framework;

import java.util.List;
import java.util.Optional;

/**
 * A scheduler's name with the plugins that decide for it.
 *
 * @param schedulerName pods that ask for it by this name are its own
 * @param shapeFilters the first that turns a node down gives the reason
 * @param clusterFilters asked for nodes that pass all of the former
 * @param preemption how many nodes are tried for one on which pods of lower priority may be removed
 *     for a pod that fits nowhere; empty if none may
 * @param binding asked about pods that were given a node
 */
public record Profile(
    String schedulerName,
    List<ShapeFilter> shapeFilters,
    List<ClusterFilter> clusterFilters,
    List<Weighted<ShapeScore>> shapeScores,
    List<Weighted<ClusterScore>> clusterScores,
    Optional<CandidateLimits> preemption,
    BindingPlugins binding) {

  /**
   * A score with its weight in the sum.
   *
   * @param weight 1 or more
   */
  public record Weighted<S extends Plugin>(S plugin, int weight) {}

  public Profile {
    shapeFilters = List.copyOf(shapeFilters);
    clusterFilters = List.copyOf(clusterFilters);
    shapeScores = List.copyOf(shapeScores);
    clusterScores = List.copyOf(clusterScores);
  }

  /** Whether pods of lower priority may be removed for one that fits nowhere. */
  public boolean preempts() {
    return preemption.isPresent();
  }

  /** A profile whose pods are bound as soon as they have a node. */
  public Profile(
      String schedulerName,
      List<ShapeFilter> shapeFilters,
      List<ClusterFilter> clusterFilters,
      List<Weighted<ShapeScore>> shapeScores,
      List<Weighted<ClusterScore>> clusterScores,
      boolean preempts) {
    this(
        schedulerName,
        shapeFilters,
        clusterFilters,
        shapeScores,
        clusterScores,
        preempts ? Optional.of(CandidateLimits.DEFAULT) : Optional.empty(),
        BindingPlugins.NONE);
  }

  /** The same with other plugins for the way to the binding. */
  public Profile with(BindingPlugins others) {
    return new Profile(
        schedulerName,
        shapeFilters,
        clusterFilters,
        shapeScores,
        clusterScores,
        preemption,
        others);
  }
}
