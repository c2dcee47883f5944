package dev.shiplog.agent.pod.status;

import dev.shiplog.agent.container.QosClass;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.status.Situation.Stage;
import dev.shiplog.agent.runtime.RuntimeInfo;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.stream.Stream;

/** A pod's status as its node sees it. Thread safe. */
public final class PodStatuses {

  private final RuntimeInfo runtime;

  public PodStatuses(RuntimeInfo runtime) {
    this.runtime = runtime;
  }

  public PodStatus of(Situation situation) {
    Pod pod = situation.pod();
    ContainerStatuses statuses = new ContainerStatuses(situation, runtime);
    List<ContainerStatus> init = of(situation, statuses, pod.getSpec().getInitContainers());
    List<ContainerStatus> mains = of(situation, statuses, pod.getSpec().getContainers());
    Phases phases = new Phases(situation, init, mains);
    String phase = phase(situation, phases);
    List<ContainerStatus> counted = Stream.concat(sidecars(pod, init), mains.stream()).toList();
    List<String> podIps = podIps(situation);
    return new PodStatusBuilder()
        .withPhase(phase)
        .withReason(situation.ending().map(Situation.Ending::reason).orElse(null))
        .withMessage(situation.ending().map(Situation.Ending::message).orElse(null))
        .withConditions(new Conditions(situation, phase, phases, counted).all())
        .withHostIP(situation.hostIps().isEmpty() ? null : situation.hostIps().getFirst())
        .withHostIPs(situation.hostIps().stream().map(HostIP::new).toList())
        .withPodIP(podIps.isEmpty() ? null : podIps.getFirst())
        .withPodIPs(podIps.stream().map(PodIP::new).toList())
        .withStartTime(startTime(situation))
        .withInitContainerStatuses(init)
        .withContainerStatuses(mains)
        .withEphemeralContainerStatuses(of(situation, statuses, PodSpecs.ephemeral(pod)))
        .withQosClass(QosClass.of(pod).text())
        .withObservedGeneration(pod.getMetadata().getGeneration())
        .build();
  }

  /** There is nothing to tell of the containers of a pod that was not taken. */
  private static List<ContainerStatus> of(
      Situation situation, ContainerStatuses statuses, List<Container> containers) {
    return situation.isRejected() ? List.of() : statuses.of(containers);
  }

  /** Once a pod has ended it has ended for good. */
  private static String phase(Situation situation, Phases phases) {
    Pod pod = situation.pod();
    if (PodSpecs.hasEnded(pod)) {
      return pod.getStatus().getPhase();
    }
    boolean ends = situation.stage() == Stage.ENDED;
    return ends && situation.ending().isPresent() ? "Failed" : phases.phase();
  }

  /** A pod that is ending keeps the addresses it was known by. */
  private static List<String> podIps(Situation situation) {
    boolean keeps = situation.podIps().isEmpty() && situation.stage() != Stage.ACTIVE;
    return keeps && situation.pod().getStatus() != null
        ? situation.pod().getStatus().getPodIPs().stream().map(PodIP::getIp).toList()
        : situation.podIps();
  }

  private static String startTime(Situation situation) {
    PodStatus told = situation.pod().getStatus();
    return told != null && told.getStartTime() != null
        ? told.getStartTime()
        : Times.text(situation.now());
  }

  private static Stream<ContainerStatus> sidecars(Pod pod, List<ContainerStatus> init) {
    return init.stream()
        .filter(status ->
            PodSpecs.container(pod, status.getName()).filter(PodSpecs::isSidecar).isPresent());
  }
}
