package dev.shiplog.agent.containerd;

import static dev.shiplog.agent.containerd.CriErrors.judged;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this agent has in containerd. Lists are cheap but leave out addresses and exit codes, and
 * those never change while the state in the list stays the same: so the full status is asked for
 * once per state and remembered. Safe for use by many threads.
 */
final class Inventory {

  private static final Duration READ = Duration.ofSeconds(10);

  private final CriConnection cri;
  private final Ownership ownership;
  private final Map<String, Known<SandboxStatus>> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, Known<ContainerStatus>> containers = new ConcurrentHashMap<>();

  Inventory(CriConnection cri, Ownership ownership) {
    this.cri = cri;
    this.ownership = ownership;
  }

  /** A status and the state in which it was read. */
  private record Known<T>(Object state, T status) {}

  List<RuntimePod> pods() {
    List<Cri.PodSandbox> listedSandboxes = listSandboxes(ownership.sandboxes());
    List<Cri.Container> listedContainers = listContainers(ownership.containers());
    sandboxes
        .keySet()
        .retainAll(listedSandboxes.stream().map(Cri.PodSandbox::getId).collect(Collectors.toSet()));
    containers
        .keySet()
        .retainAll(listedContainers.stream().map(Cri.Container::getId).collect(Collectors.toSet()));
    return pods(listedSandboxes, listedContainers);
  }

  Optional<RuntimePod> pod(String uid) {
    return pods(listSandboxes(ownership.sandboxes(uid)), listContainers(ownership.containers(uid)))
        .stream()
        .findFirst();
  }

  /** State by id, as cheap as it gets; for noticing changes. */
  Map<String, Mark> marks() {
    var marks = new HashMap<String, Mark>();
    listSandboxes(ownership.sandboxes())
        .forEach(it -> marks.put(it.getId(), mark(it.getLabelsMap(), it.getState())));
    listContainers(ownership.containers())
        .forEach(it -> marks.put(it.getId(), mark(it.getLabelsMap(), it.getState())));
    return marks;
  }

  /** Whose a sandbox or container is, and its state. */
  record Mark(String podUid, Object state) {}

  private static Mark mark(Map<String, String> labels, Object state) {
    return new Mark(Ownership.pod(labels).uid(), state);
  }

  SandboxStatus sandbox(String id) {
    var request = Cri.PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    return SandboxMessages.status(
        judged(() -> cri.runtime(READ).podSandboxStatus(request)).getStatus());
  }

  List<Cri.PodSandbox> listSandboxes(Cri.PodSandboxFilter filter) {
    var request = Cri.ListPodSandboxRequest.newBuilder().setFilter(filter).build();
    return judged(() -> cri.runtime(READ).listPodSandbox(request)).getItemsList();
  }

  private List<Cri.Container> listContainers(Cri.ContainerFilter filter) {
    var request = Cri.ListContainersRequest.newBuilder().setFilter(filter).build();
    return judged(() -> cri.runtime(READ).listContainers(request)).getContainersList();
  }

  private List<RuntimePod> pods(List<Cri.PodSandbox> some, List<Cri.Container> others) {
    Map<PodIdentity, List<SandboxStatus>> sandboxesOf =
        some.stream()
            .flatMap(this::status)
            .sorted(Comparator.comparing(SandboxStatus::createdAt).reversed())
            .collect(Collectors.groupingBy(SandboxStatus::pod));
    Map<PodIdentity, List<ContainerStatus>> containersOf =
        others.stream()
            .flatMap(this::status)
            .sorted(Comparator.comparing(ContainerStatus::createdAt).reversed())
            .collect(Collectors.groupingBy(ContainerStatus::pod));
    return Stream.concat(sandboxesOf.keySet().stream(), containersOf.keySet().stream())
        .distinct()
        .map(pod ->
            new RuntimePod(
                pod,
                sandboxesOf.getOrDefault(pod, List.of()),
                containersOf.getOrDefault(pod, List.of())))
        .toList();
  }

  private Stream<SandboxStatus> status(Cri.PodSandbox listed) {
    return known(
        sandboxes,
        listed.getId(),
        listed.getState(),
        () -> {
          SandboxStatus status = sandbox(listed.getId());
          return new Known<>(
              status.ready()
                  ? Cri.PodSandboxState.SANDBOX_READY
                  : Cri.PodSandboxState.SANDBOX_NOTREADY,
              status);
        });
  }

  private Stream<ContainerStatus> status(Cri.Container listed) {
    return known(
        containers,
        listed.getId(),
        listed.getState(),
        () -> {
          var request =
              Cri.ContainerStatusRequest.newBuilder().setContainerId(listed.getId()).build();
          Cri.ContainerStatus status =
              judged(() -> cri.runtime(READ).containerStatus(request)).getStatus();
          return new Known<>(
              status.getState(), ContainerMessages.status(status, listed.getPodSandboxId()));
        });
  }

  /** Empty for what was removed since it was listed. */
  private static <T> Stream<T> known(
      Map<String, Known<T>> cache, String id, Object state, Supplier<Known<T>> read) {
    Known<T> known = cache.get(id);
    if (known == null || !known.state().equals(state)) {
      try {
        known = read.get();
      } catch (NoSuchContainerException e) {
        return Stream.empty();
      }
      cache.put(id, known);
    }
    return Stream.of(known.status());
  }
}
