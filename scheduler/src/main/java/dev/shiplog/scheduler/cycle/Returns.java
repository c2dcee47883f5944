package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import java.util.Optional;

/** Gives pods back to the queue that had a node and are not bound to it after all. One thread. */
final class Returns {

  private final Placements placements;
  private final Cluster cluster;
  private final Cycles cycles;
  private final SchedulingQueue queue;
  private final Outbox outbox;

  Returns(Placements placements, Cycles cycles, SchedulingQueue queue, Outbox outbox) {
    this.placements = placements;
    this.cluster = placements.cluster();
    this.cycles = cycles;
    this.queue = queue;
    this.outbox = outbox;
  }

  /** Something went wrong: they are tried again after a while, whatever happens. */
  void failed(Bunch bunch, String why, long nowMs) {
    for (Placed each : bunch.pods()) {
      placements.forget(each.key(), nowMs);
      Optional<Pod> same = pendingPod(each.key()).filter(each.pod()::isSamePod);
      if (same.isPresent()) {
        queue.putBackingOff(each.queued(), same.get(), nowMs);
        outbox.pending(same.get(), "SchedulerError", why, nowMs);
      } else {
        pendingPod(each.key()).filter(cycles::has).ifPresent(pod -> queue.put(pod, nowMs));
      }
    }
  }

  /** A plugin turned one of them down: they are tried again when something has changed. */
  void rejected(Bunch bunch, Rejection rejection, long nowMs) {
    bunch.pods().forEach(each -> placements.forget(each.key(), nowMs));
    for (Placed each : bunch.pods()) {
      Optional<Pod> same = pendingPod(each.key()).filter(each.pod()::isSamePod);
      if (same.isPresent()) {
        queue.putUnschedulable(each.queued(), same.get(), rejection.plugin(), nowMs);
        outbox.pending(same.get(), "Unschedulable", message(each, rejection), nowMs);
      }
    }
  }

  private static String message(Placed placed, Rejection rejection) {
    return placed.key().equals(rejection.placed().key())
        ? rejection.message()
        : "pod group \"%s\": pod \"%s\" was turned down: %s"
            .formatted(
                placed.pod().group().name(), rejection.placed().pod().name(), rejection.message());
  }

  /**
   * A bind command was refused. Were the pod bound or gone, its binding would have been dropped
   * when that was read.
   */
  void refused(Bindings.Decided decided, long nowMs) {
    Binding binding = decided.binding();
    placements.forget(binding.podKey(), nowMs);
    Optional<Pod> pod = pendingPod(binding.podKey());
    if (pod.isPresent()) {
      queue.putRefused(binding.queued(), pod.get(), nowMs);
      outbox.pending(pod.get(), "SchedulerError", "binding rejected: " + why(decided), nowMs);
    }
  }

  /** Of several pods in one command those are left out that cannot be bound. */
  private static String why(Bindings.Decided decided) {
    String message = decided.result().message();
    return message.isEmpty() ? "the pod or the node has changed meanwhile" : message;
  }

  private Optional<Pod> pendingPod(String key) {
    return cluster.pod(key).filter(Pod::isPending);
  }
}
