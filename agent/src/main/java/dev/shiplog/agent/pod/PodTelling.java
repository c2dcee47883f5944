package dev.shiplog.agent.pod;

import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.pod.PodLife.Active;
import dev.shiplog.agent.pod.PodLife.Ended;
import dev.shiplog.agent.pod.PodLife.Released;
import dev.shiplog.agent.pod.PodLife.Releasing;
import dev.shiplog.agent.pod.PodLife.Terminating;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.pod.status.Situation.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;

/**
 * Tells the cluster how a pod is: composes its status, has it published, and adds the events about
 * what only shows over time. Keeps nothing itself; used by the pod's worker alone.
 */
final class PodTelling {

  private final KeptPod kept;
  private final WorkerMemory memory;
  private final Operations operations;
  private final PodReports reports;
  private final PodTrace steps;
  private final StatusPublisher publisher;
  private final PodShare share;

  PodTelling(
      KeptPod kept,
      WorkerMemory memory,
      Operations operations,
      PodReports reports,
      PodTrace steps,
      StatusPublisher publisher,
      PodShare share) {
    this.kept = kept;
    this.memory = memory;
    this.operations = operations;
    this.reports = reports;
    this.steps = steps;
    this.publisher = publisher;
    this.share = share;
  }

  /** The cluster shows the pod as this one from now on. */
  void shownAs(Pod mirror) {
    publisher.retarget(SandboxSpecs.identity(mirror), mirror.getStatus());
    if (kept.isComposed()) {
      publisher.publish(kept.composed(), null);
    }
  }

  /** How it is now; nothing of one that had ended when the node found it. */
  void tell(PodLife life, Instant now) {
    if (!kept.isComposed() && PodSpecs.hasEnded(kept.pod())) {
      return;
    }
    switch (life) {
      case Active active -> {
        compose(Stage.ACTIVE, null);
        reports.crashLoops(kept.pod(), memory);
        operations
            .takeRenamed(now)
            .forEach((key, words) -> reports.renamed(kept.pod(), key, words));
      }
      case Terminating(Termination why, Instant deadline) -> compose(Stage.TERMINATING, why);
      case Ended(Termination why) -> compose(Stage.ENDED, why);
      case Releasing releasing -> {}
      case Released released -> {}
    }
  }

  private void compose(Stage stage, Termination why) {
    PodStatus status = reports.compose(kept.pod(), stage, why, memory);
    kept.compose(status);
    if (PodSpecs.hasEnded(kept.pod())) {
      // Whoever hears of it may send the next pod at once.
      share.release();
    }
    publisher.publish(kept.composed(), steps.reports(status));
  }
}
