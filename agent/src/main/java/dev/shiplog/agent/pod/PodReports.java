package dev.shiplog.agent.pod;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.logs.LogTail;
import dev.shiplog.agent.pod.Termination.Cause;
import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.PodAction.Verb;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.status.CrashLoop;
import dev.shiplog.agent.pod.status.PodStatuses;
import dev.shiplog.agent.pod.status.Situation;
import dev.shiplog.agent.pod.status.Situation.Stage;
import dev.shiplog.agent.runtime.ContainerStatus;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Optional;

/** What is told of pods: statuses, and events about what only shows over time. Thread safe. */
final class PodReports {

  private final NodeContext node;
  private final PodEvents events;
  private final PodStatuses statuses;

  PodReports(NodeContext node, PodEvents events) {
    this.node = node;
    this.events = events;
    statuses = new PodStatuses(node.runtime().info());
  }

  /** The pod's status now; {@code why} is null for one that is to run. */
  PodStatus compose(Pod pod, Stage stage, Termination why, WorkerMemory memory) {
    Optional<Situation.Ending> ending = Optional.ofNullable(why).flatMap(PodReports::ending);
    boolean rejected = ending.filter(Situation.Ending::rejected).isPresent();
    return statuses.of(
        new Situation(
            pod,
            memory.seen(),
            rejected ? Stage.ENDED : stage,
            ending,
            memory,
            node.settings().hostIps(),
            PodAddresses.of(pod, memory.seen(), node.settings()),
            node.services().timers().instant()));
  }

  private static Optional<Situation.Ending> ending(Termination why) {
    return switch (why.cause()) {
      case FAILED, REJECTED ->
          Optional.of(
              new Situation.Ending(why.reason(), why.message(), why.cause() == Cause.REJECTED));
      case COMPLETED, DELETED, REMOVED -> Optional.empty();
    };
  }

  /** When the node took the pod up. */
  static Optional<Instant> startTime(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).map(PodStatus::getStartTime).map(Instant::parse);
  }

  /** Tells of a step of a resize. */
  void resize(Pod pod, Situation.Words words) {
    if (words.reason().equals("ResizeInfeasible")) {
      events.warning(pod, words.reason(), words.message());
    } else {
      events.normal(pod, words.reason(), words.message());
    }
  }

  void rejected(Pod pod, Situation.Words words) {
    events.warning(pod, words.reason(), words.message());
  }

  void evicted(Pod pod, String message) {
    events.warning(pod, "Evicted", message);
  }

  void unhealthy(Pod pod, Container container, String message) {
    events.warning(pod, container, "Unhealthy", message);
  }

  /** Tells of every container that has begun to wait for its restart. */
  void crashLoops(Pod pod, WorkerMemory memory) {
    for (Container container : PodSpecs.containers(pod)) {
      String name = container.getName();
      boolean restarts =
          memory
              .seen()
              .newest(name)
              .flatMap(Seen::exit)
              .filter(exit -> PodSpecs.restartPolicy(pod, container).restarts(exit.exitCode()))
              .isPresent();
      if (restarts && memory.waitsForRestart(name).isPresent() && memory.isNewBackoff(name)) {
        events.warning(pod, container, "BackOff", CrashLoop.eventMessage(pod, name));
      }
    }
  }

  /** Tells that an image is waited for. */
  void renamed(Pod pod, ActionKey key, ActionFailure.Words words) {
    if (key.verb() == Verb.START_CONTAINER && !words.equals(ActionFailure.Words.NONE)) {
      PodSpecs.container(pod, key.object())
          .ifPresent(container -> {
            events.normal(
                pod,
                container,
                "BackOff",
                "Back-off pulling image \"" + container.getImage() + "\"");
            events.warning(pod, container, "Failed", "Error: " + words.reason());
          });
    }
  }

  /**
   * What a container that ended left to say: its termination message, or the end of its log where
   * it asks for that and failed without a word.
   */
  String exitMessage(Pod pod, ContainerStatus container) {
    try {
      String message =
          node.files()
              .terminationMessage(
                  pod.getMetadata().getUid(), container.name(), container.attempt());
      boolean failed = Seen.exit(container).filter(exit -> exit.exitCode() != 0).isPresent();
      return message.isEmpty() && failed && fallsBackToLog(pod, container)
          ? LogTail.forTerminationMessage(container.logPath())
          : message;
    } catch (PodConfigException e) {
      return "";
    }
  }

  private static boolean fallsBackToLog(Pod pod, ContainerStatus container) {
    return PodSpecs.container(pod, container.name())
        .filter(each -> "FallbackToLogsOnError".equals(each.getTerminationMessagePolicy()))
        .isPresent();
  }
}
