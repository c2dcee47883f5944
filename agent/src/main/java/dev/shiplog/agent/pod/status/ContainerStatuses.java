package dev.shiplog.agent.pod.status;

import dev.shiplog.agent.pod.plan.Attempts;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.status.Situation.Stage;
import dev.shiplog.agent.pod.status.Situation.Words;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.Unknown;
import dev.shiplog.agent.runtime.RuntimeInfo;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateTerminatedBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The statuses of a pod's containers. A container's state is that of its last run; while a restart
 * waits or fails, the state says so and the last run moves to lastState.
 */
final class ContainerStatuses {

  private static final ContainerState NO_STATE = new ContainerStateBuilder().build();
  private static final int SIGKILLED = 137;

  private final Situation situation;
  private final RuntimeInfo runtime;

  ContainerStatuses(Situation situation, RuntimeInfo runtime) {
    this.situation = situation;
    this.runtime = runtime;
  }

  List<ContainerStatus> of(List<Container> containers) {
    return containers.stream().map(this::of).toList();
  }

  private ContainerStatus of(Container container) {
    String name = container.getName();
    var newest = situation.seen().newest(name);
    ContainerState state =
        newest.map(run -> state(container, run)).orElseGet(() -> none(container));
    boolean running = state.getRunning() != null;
    ContainerStatusBuilder status = new ContainerStatusBuilder();
    if (!PodSpecs.isEphemeral(situation.pod(), name)) {
      ResourceRequirements granted = situation.memory().granted(name);
      status
          .withAllocatedResources(granted.getRequests())
          .withResources(
              newest.filter(run -> running).flatMap(situation.memory()::resources).orElse(granted));
    }
    return status
        .withName(name)
        .withState(state)
        .withLastState(lastState(container, state))
        .withReady(isReady(container, state))
        .withStarted(running && newest.filter(situation.memory()::isStarted).isPresent())
        .withRestartCount(Attempts.current(situation.pod(), situation.seen(), name))
        .withImage(newest.map(run -> run.image()).orElse(container.getImage()))
        .withImageID(newest.map(run -> run.imageReference()).orElseGet(() -> reportedImage(name)))
        .withContainerID(newest.map(run -> fullId(run.id())).orElseGet(() -> reportedId(name)))
        .build();
  }

  private ContainerState state(Container container, dev.shiplog.agent.runtime.ContainerStatus run) {
    return switch (run.state()) {
      case Created created -> waiting(startWords(container).orElse(creating()));
      case Running running ->
          new ContainerStateBuilder()
              .withNewRunning()
              .withStartedAt(Times.text(running.startedAt()))
              .endRunning()
              .build();
      case Exited exited -> exited(container, run, exited);
      case Unknown unknown ->
          waiting(new Words("ContainerStatusUnknown", "The container's status is not known"));
    };
  }

  private ContainerState exited(
      Container container, dev.shiplog.agent.runtime.ContainerStatus run, Exited exited) {
    return restartWords(container, exited)
        .map(ContainerStatuses::waiting)
        .orElseGet(() -> new ContainerStateBuilder().withTerminated(terminated(run)).build());
  }

  /** Why a container that ended is not running again yet, if it is to run again. */
  private Optional<Words> restartWords(Container container, Exited exited) {
    boolean restarts =
        situation.stage() == Stage.ACTIVE
            && PodSpecs.restartPolicy(situation.pod(), container).restarts(exited.exitCode());
    return restarts ? startWords(container).or(() -> crashLoopWords(container)) : Optional.empty();
  }

  private Optional<Words> crashLoopWords(Container container) {
    return situation
        .memory()
        .waitsForRestart(container.getName())
        .map(delay ->
            new Words(
                "CrashLoopBackOff",
                CrashLoop.message(situation.pod(), container.getName(), delay)));
  }

  private Optional<Words> startWords(Container container) {
    return situation.memory().startFailure(container.getName());
  }

  /** The state of a container that the runtime has nothing of. */
  private ContainerState none(Container container) {
    if (situation.stage() == Stage.ACTIVE) {
      return waiting(startWords(container).orElseGet(() -> notYet(container)));
    }
    Optional<ContainerState> reported =
        Attempts.reported(situation.pod(), container.getName()).map(ContainerStatus::getState);
    if (reported.map(ContainerState::getRunning).isPresent()) {
      return lost();
    }
    return reported
        .filter(state -> state.getTerminated() != null)
        .orElseGet(() -> waiting(notYet(container)));
  }

  /** It ran when it was last looked at, and is gone without a trace. */
  private static ContainerState lost() {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withReason("ContainerStatusUnknown")
        .withMessage("The container could not be located when the pod was terminated")
        .withExitCode(SIGKILLED)
        .endTerminated()
        .build();
  }

  private Words notYet(Container container) {
    boolean hasInit = !situation.pod().getSpec().getInitContainers().isEmpty();
    boolean waits = hasInit && !PodSpecs.isEphemeral(situation.pod(), container.getName());
    return waits && !isFirst(container) ? new Words("PodInitializing", null) : creating();
  }

  private boolean isFirst(Container container) {
    return situation
        .pod()
        .getSpec()
        .getInitContainers()
        .getFirst()
        .getName()
        .equals(container.getName());
  }

  private static Words creating() {
    return new Words("ContainerCreating", null);
  }

  private static ContainerState waiting(Words words) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(words.reason())
        .withMessage(words.message())
        .endWaiting()
        .build();
  }

  /**
   * The last run if the state does not show it, or else the one before, or what was told before.
   */
  private ContainerState lastState(Container container, ContainerState state) {
    boolean shown = state.getTerminated() != null;
    return situation.seen().runs(container.getName()).stream()
        .filter(run -> Seen.exit(run).isPresent())
        .skip(shown ? 1 : 0)
        .findFirst()
        .map(run -> new ContainerStateBuilder().withTerminated(terminated(run)).build())
        .or(() -> reportedLast(container, state))
        .orElse(NO_STATE);
  }

  private Optional<ContainerState> reportedLast(Container container, ContainerState state) {
    return Attempts.reported(situation.pod(), container.getName())
        .filter(told -> told.getLastState() != null)
        .map(ContainerStatus::getLastState)
        .filter(last -> last.getTerminated() != null)
        .filter(last -> !last.getTerminated().equals(state.getTerminated()));
  }

  private ContainerStateTerminated terminated(dev.shiplog.agent.runtime.ContainerStatus run) {
    Exited exited = Seen.exit(run).orElseThrow();
    String left = situation.memory().exitMessage(run);
    String message = left.isEmpty() ? exited.message() : left;
    return new ContainerStateTerminatedBuilder()
        .withContainerID(fullId(run.id()))
        .withExitCode(exited.exitCode())
        .withSignal(exited.signal() == 0 ? null : exited.signal())
        .withReason(exited.reason())
        .withMessage(message.isEmpty() ? null : message)
        .withStartedAt(Times.text(neverRan(exited) ? Instant.EPOCH : exited.startedAt()))
        .withFinishedAt(Times.text(exited.finishedAt()))
        .build();
  }

  private static boolean neverRan(Exited exited) {
    return exited.startedAt() == null;
  }

  private boolean isReady(Container container, ContainerState state) {
    boolean plainInit =
        PodSpecs.isInit(situation.pod(), container) && !PodSpecs.isSidecar(container);
    if (plainInit) {
      return state.getTerminated() != null && state.getTerminated().getExitCode() == 0;
    }
    return state.getRunning() != null
        && !PodSpecs.isEphemeral(situation.pod(), container.getName())
        && situation
            .seen()
            .newest(container.getName())
            .filter(situation.memory()::isReady)
            .isPresent();
  }

  private String reportedId(String name) {
    return Attempts.reported(situation.pod(), name)
        .map(ContainerStatus::getContainerID)
        .orElse(null);
  }

  private String reportedImage(String name) {
    return Attempts.reported(situation.pod(), name).map(ContainerStatus::getImageID).orElse("");
  }

  private String fullId(String id) {
    return runtime.name() + "://" + id;
  }
}
