package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodGroup;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds nodes for the pods of a group, for enough of them or for none. Nothing is held while pods
 * are missing or do not fit, so that groups never wait for each other; {@link GroupHold} sees to it
 * that each gets its turn. One thread.
 */
final class GroupScheduling {

  /** Stands for a filter's name where pods wait for others of their group. */
  static final String WAITS_FOR_GROUP = "PodGroup";

  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Function<Pod, Decision> decide;

  GroupScheduling(Cluster cluster, SchedulingQueue queue, Function<Pod, Decision> decide) {
    this.cluster = cluster;
    this.queue = queue;
    this.decide = decide;
  }

  /** A pod and where it goes. */
  record Fit(QueuedPod queued, String node) {}

  /** A pod that fits nowhere, once those that fit are placed. */
  record Misfit(QueuedPod queued, Diagnosis diagnosis) {}

  /** What is to be done about a pod of a group. */
  sealed interface Result {

    /** Enough of its group are bound: it is scheduled as any other. */
    record Single() implements Result {}

    /** Others of its group have to come, or are just being bound. */
    record Incomplete(String message) implements Result {}

    /** Enough fit; they are assumed on their nodes. */
    record Together(List<Fit> fits, List<Misfit> misfits) implements Result {}

    /** Not enough fit; nothing is assumed. */
    record TooFew(List<Fit> fits, List<Misfit> misfits, String message) implements Result {}
  }

  /** Tries the group of a pod that was taken out of the queue, and takes out the others if so. */
  Result attempt(QueuedPod popped, long nowMs) {
    PodGroup group = popped.pod().group();
    int bound = count(popped.pod(), Pod::isBound);
    if (bound >= group.min()) {
      return new Result.Single();
    }
    int waiting = 1 + count(popped.pod(), pod -> waits(pod, popped.pod()));
    if (bound + waiting < group.min()) {
      return new Result.Incomplete(
          "pod group \"%s\" waits until %d of its pods are there"
              .formatted(group.name(), group.min()));
    }
    return place(takeAll(popped, nowMs), group, group.min() - bound, nowMs);
  }

  private int count(Pod pod, Predicate<Pod> counts) {
    return (int)
        cluster.podsOfGroup(pod.groupKey()).stream()
            .flatMap(key -> cluster.pod(key).stream())
            .filter(counts)
            .count();
  }

  private boolean waits(Pod other, Pod popped) {
    return !other.gated()
        && other.schedulerName().equals(popped.schedulerName())
        && queue.contains(other.key());
  }

  /** The more a pod asks for, the earlier it chooses. */
  private List<QueuedPod> takeAll(QueuedPod popped, long nowMs) {
    List<QueuedPod> members = new ArrayList<>();
    members.add(popped);
    for (String key : List.copyOf(cluster.podsOfGroup(popped.pod().groupKey()))) {
      if (cluster.pod(key).filter(pod -> waits(pod, popped.pod())).isPresent()) {
        queue.take(key, nowMs).ifPresent(members::add);
      }
    }
    members.sort(
        Comparator.<QueuedPod>comparingLong(each -> -each.pod().shape().requests().cpuMilli())
            .thenComparing(each -> each.pod().name()));
    return members;
  }

  private Result place(List<QueuedPod> members, PodGroup group, int needed, long nowMs) {
    List<Fit> fits = new ArrayList<>();
    List<Misfit> misfits = new ArrayList<>();
    try {
      for (QueuedPod member : members) {
        switch (decide.apply(member.pod())) {
          case Decision.Placed placed -> {
            cluster.assume(member.pod(), placed.node().name());
            fits.add(new Fit(member, placed.node().name()));
          }
          case Decision.Unschedulable unschedulable ->
              misfits.add(new Misfit(member, unschedulable.diagnosis()));
        }
      }
    } catch (RuntimeException e) {
      forget(fits);
      members.forEach(member -> queue.putBackingOff(member, member.pod(), nowMs));
      throw e;
    }
    if (fits.size() >= needed) {
      return new Result.Together(fits, misfits);
    }
    forget(fits);
    String message =
        "pod group \"%s\": %d of the %d pods it still needs find a node. %s"
            .formatted(group.name(), fits.size(), needed, misfits.getFirst().diagnosis().message());
    return new Result.TooFew(fits, misfits, message);
  }

  private void forget(List<Fit> fits) {
    fits.forEach(fit -> cluster.forget(fit.queued().pod().key()));
  }
}
