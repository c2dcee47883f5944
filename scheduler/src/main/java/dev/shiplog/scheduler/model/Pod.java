package dev.shiplog.scheduler.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What scheduling reads of a Pod object.
 *
 * @param revision the revision the object was stored at
 * @param priority higher goes first
 * @param schedulerName who is to schedule it
 * @param nodeName the node it is bound to; empty while it is pending
 * @param gated true while a scheduling gate holds it back
 * @param terminating true once it is being deleted
 * @param finished true once it will never run again: it then takes nothing of its node
 * @param controller null where no controller owns it
 * @param spread topology spread constraints of its own
 * @param affinity which other pods it must or would like to be near to, or far from
 * @param images what it runs, one for each container
 * @param claims names of the PersistentVolumeClaims it uses
 * @param disks disks that it names itself
 * @param resourceClaims by its own names for them, the ResourceClaims whose devices it uses
 * @param group the group it is one of; null where there is none
 * @param preemption what it has to do with preemption
 * @param waiting why it is pending, as its PodScheduled condition says; null where that is not
 *     false
 */
public record Pod(
    String namespace,
    String name,
    String uid,
    long revision,
    Map<String, String> labels,
    int priority,
    String schedulerName,
    String nodeName,
    boolean gated,
    boolean terminating,
    boolean finished,
    OwnerRef controller,
    PodShape shape,
    List<SpreadConstraint> spread,
    PodAffinity affinity,
    PodImages images,
    List<String> claims,
    List<Disk> disks,
    List<String> resourceClaims,
    PodGroup group,
    Preemption preemption,
    Waiting waiting) {

  /**
   * A PodScheduled condition with status False.
   *
   * @param since its last transition, as written
   */
  public record Waiting(String reason, String message, String since) {}

  public Pod {
    labels = Map.copyOf(labels);
    spread = List.copyOf(spread);
    claims = List.copyOf(claims);
    disks = List.copyOf(disks);
    resourceClaims = List.copyOf(resourceClaims);
  }

  /** The key of its record in the store topic. */
  public String key() {
    return namespace + "/" + name;
  }

  /** By which its group is known in the cluster; empty where it is in none. */
  public String groupKey() {
    return group == null ? "" : namespace + "/" + group.name();
  }

  public boolean isBound() {
    return !nodeName.isEmpty();
  }

  /** True if some scheduler has yet to find a node for it. */
  public boolean isPending() {
    return !isBound() && !terminating && !finished;
  }

  /** True if both are the same pod: not one that took the name of another. */
  public boolean isSamePod(Pod other) {
    return uid.equals(other.uid);
  }

  /** True if nothing differs by which the pod would be scheduled differently. */
  public boolean schedulesLike(Pod other) {
    return isSamePod(other)
        && priority == other.priority
        && gated == other.gated
        && terminating == other.terminating
        && labels.equals(other.labels)
        && shape.equals(other.shape)
        && spread.equals(other.spread)
        && affinity.equals(other.affinity)
        && claims.equals(other.claims)
        && disks.equals(other.disks)
        && Objects.equals(group, other.group)
        && Objects.equals(controller, other.controller);
  }
}
