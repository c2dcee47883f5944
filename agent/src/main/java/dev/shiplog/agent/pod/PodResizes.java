package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * Grants a pod what it wants now, if the node has it, and tells when its containers have it. State
 * belongs to the pod's worker.
 */
final class PodResizes {

  private static final Words COMPLETED = new Words("ResizeCompleted", "Pod resize completed");

  private final PodShare share;
  private final WorkerMemory memory;
  private final PodReports reports;
  private boolean underWay;

  PodResizes(PodShare share, WorkerMemory memory, PodReports reports) {
    this.share = share;
    this.memory = memory;
    this.reports = reports;
  }

  void consider(Pod pod) {
    share
        .consider(pod)
        .ifPresent(words -> {
          reports.resize(pod, words);
          underWay = words.reason().equals("ResizeStarted");
        });
    if (underWay && memory.isAsGranted()) {
      underWay = false;
      reports.resize(pod, COMPLETED);
    }
  }
}
