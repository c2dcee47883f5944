package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;

/** Pods as they are after a change. */
final class PodEdits {

  private PodEdits() {}

  static Pod atRevision(Pod pod, long revision) {
    return copy(pod, revision, pod.nodeName(), pod.terminating(), pod.finished());
  }

  static Pod boundTo(Pod pod, String node) {
    return copy(pod, pod.revision(), node, pod.terminating(), pod.finished());
  }

  static Pod beingDeleted(Pod pod) {
    return copy(pod, pod.revision(), pod.nodeName(), true, pod.finished());
  }

  static Pod ended(Pod pod) {
    return copy(pod, pod.revision(), pod.nodeName(), pod.terminating(), true);
  }

  private static Pod copy(
      Pod pod, long revision, String node, boolean terminating, boolean finished) {
    return new Pod(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        revision,
        pod.labels(),
        pod.priority(),
        pod.schedulerName(),
        node,
        pod.gated(),
        terminating,
        finished,
        pod.controller(),
        pod.shape(),
        pod.spread(),
        pod.affinity(),
        pod.images(),
        pod.claims(),
        pod.disks(),
        pod.resourceClaims(),
        pod.group(),
        pod.preemption(),
        pod.waiting());
  }
}
