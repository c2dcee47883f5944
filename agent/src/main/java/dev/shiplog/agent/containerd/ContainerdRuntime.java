package dev.shiplog.agent.containerd;

import static dev.shiplog.agent.containerd.CriErrors.judged;

import com.google.protobuf.ByteString;
import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeHealth;
import dev.shiplog.agent.runtime.RuntimeInfo;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxStatus;
import dev.shiplog.agent.runtime.StreamRequest;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs pods on containerd through the Container Runtime Interface. It keeps nothing that could be
 * lost: labels in containerd say which sandboxes and containers are its own, so that one made anew
 * for the same owner goes on where the last one ended.
 */
public final class ContainerdRuntime implements PodRuntime {

  /** Folder in the cgroup hierarchies that pods lie in unless their spec names another. */
  public static final String CGROUP_PARENT = "/shiplog";

  private static final Duration READ = Duration.ofSeconds(10);

  /** Making a sandbox waits for the network plugins, all of them at once when a node starts. */
  private static final Duration START_SANDBOX = Duration.ofMinutes(4);

  private static final Duration CHANGE = Duration.ofMinutes(2);
  private static final Duration EXEC_MARGIN = Duration.ofSeconds(5);
  private static final Duration WATCH_PACE = Duration.ofMillis(500);
  private static final int MAX_OUTPUT_BYTES = 1 << 20;

  private final CriConnection cri;
  private final Ownership ownership;
  private final Inventory inventory;
  private final CriImages images;
  private final SandboxMessages sandboxes;
  private final ContainerMessages containers;
  private final LinuxResources resources;
  private ChangeWatch watch;

  ContainerdRuntime(CriConnection cri, String owner, LinuxResources resources) {
    this.cri = cri;
    this.resources = resources;
    ownership = new Ownership(owner);
    inventory = new Inventory(cri, ownership);
    images = new CriImages(cri);
    sandboxes = new SandboxMessages(ownership, resources);
    containers = new ContainerMessages(ownership, resources);
  }

  /**
   * A runtime on a CRI socket. It need not answer yet: {@link #health} tells.
   *
   * @param socket unix socket of containerd
   * @param owner name under which this agent's pods are marked, the same at each start and unique
   *     among the agents that share this containerd
   */
  public static ContainerdRuntime on(Path socket, String owner) {
    return new ContainerdRuntime(CriConnection.open(socket), owner, LinuxResources.ofThisHost());
  }

  @Override
  public RuntimeInfo info() {
    Cri.VersionResponse version =
        judged(() -> cri.runtime(READ).version(Cri.VersionRequest.getDefaultInstance()));
    return new RuntimeInfo(version.getRuntimeName(), version.getRuntimeVersion());
  }

  @Override
  public RuntimeHealth health() {
    try {
      return health(judged(() -> cri.runtime(READ).status(Cri.StatusRequest.getDefaultInstance())));
    } catch (PodRuntimeException e) {
      cri.connectSoon();
      return new RuntimeHealth(false, false, e.getMessage());
    }
  }

  private static RuntimeHealth health(Cri.StatusResponse status) {
    Map<String, Cri.RuntimeCondition> conditions =
        status.getStatus().getConditionsList().stream()
            .collect(Collectors.toMap(Cri.RuntimeCondition::getType, it -> it, (a, b) -> b));
    String missing =
        conditions.values().stream()
            .filter(condition -> !condition.getStatus())
            .map(it -> it.getType() + " is false: " + it.getReason() + ": " + it.getMessage())
            .sorted()
            .collect(Collectors.joining("; "));
    return new RuntimeHealth(
        isTrue(conditions, "RuntimeReady"), isTrue(conditions, "NetworkReady"), missing);
  }

  private static boolean isTrue(Map<String, Cri.RuntimeCondition> conditions, String type) {
    return conditions.containsKey(type) && conditions.get(type).getStatus();
  }

  @Override
  public Optional<ImageInfo> image(String reference) {
    return images.image(reference);
  }

  @Override
  public ImageInfo pullImage(
      String reference, List<RegistryCredentials> credentials, Duration atMost) {
    return images.pull(reference, credentials, atMost);
  }

  @Override
  public List<ImageInfo> images() {
    return images.images();
  }

  @Override
  public void removeImage(String imageId) {
    images.remove(imageId);
  }

  @Override
  public SandboxStatus startSandbox(SandboxSpec spec) {
    var request =
        Cri.RunPodSandboxRequest.newBuilder()
            .setConfig(sandboxes.config(spec))
            .setRuntimeHandler(spec.runtimeHandler())
            .build();
    try {
      String id = judged(() -> cri.runtime(START_SANDBOX).runPodSandbox(request)).getPodSandboxId();
      return inventory.sandbox(id);
    } catch (RuntimeRefusedException e) {
      removeRemains(spec);
      throw e;
    }
  }

  /** containerd keeps a sandbox whose network it could neither set up nor take down again. */
  private void removeRemains(SandboxSpec spec) {
    for (Cri.PodSandbox it : inventory.listSandboxes(ownership.sandboxes(spec.pod().uid()))) {
      if (it.getState() == Cri.PodSandboxState.SANDBOX_NOTREADY
          && it.getMetadata().getAttempt() == spec.attempt()) {
        removeSandbox(it.getId());
      }
    }
  }

  @Override
  public void stopSandbox(String sandboxId) {
    var request = Cri.StopPodSandboxRequest.newBuilder().setPodSandboxId(sandboxId).build();
    unlessGone(() -> cri.runtime(CHANGE).stopPodSandbox(request));
  }

  @Override
  public void removeSandbox(String sandboxId) {
    stopSandbox(sandboxId);
    List<String> ids = new ArrayList<>(containersOf(sandboxId));
    ids.add(sandboxId);
    var request = Cri.RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandboxId).build();
    unlessGone(() -> cri.runtime(CHANGE).removePodSandbox(request));
    EmptyCgroups.removeOf(ids);
  }

  /** They go with it. */
  private List<String> containersOf(String sandboxId) {
    var filter = Cri.ContainerFilter.newBuilder().setPodSandboxId(sandboxId);
    var request = Cri.ListContainersRequest.newBuilder().setFilter(filter).build();
    return judged(() -> cri.runtime(READ).listContainers(request)).getContainersList().stream()
        .map(Cri.Container::getId)
        .toList();
  }

  @Override
  public String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
    var request =
        Cri.CreateContainerRequest.newBuilder()
            .setPodSandboxId(sandboxId)
            .setConfig(containers.config(sandbox, spec))
            .setSandboxConfig(sandboxes.config(sandbox))
            .build();
    return judged(() -> cri.runtime(CHANGE).createContainer(request)).getContainerId();
  }

  @Override
  public void startContainer(String containerId) {
    var request = Cri.StartContainerRequest.newBuilder().setContainerId(containerId).build();
    var _ = judged(() -> cri.runtime(CHANGE).startContainer(request));
  }

  @Override
  public void stopContainer(String containerId, Duration grace) {
    var request =
        Cri.StopContainerRequest.newBuilder()
            .setContainerId(containerId)
            .setTimeout(wholeSeconds(grace))
            .build();
    unlessGone(() -> cri.runtime(CHANGE.plus(grace)).stopContainer(request));
  }

  @Override
  public void removeContainer(String containerId) {
    var request = Cri.RemoveContainerRequest.newBuilder().setContainerId(containerId).build();
    unlessGone(() -> cri.runtime(CHANGE).removeContainer(request));
    EmptyCgroups.removeOf(List.of(containerId));
  }

  @Override
  public void updateResources(String containerId, ContainerResources wanted) {
    var request =
        Cri.UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(containerId)
            .setLinux(resources.message(wanted))
            .build();
    var _ = judged(() -> cri.runtime(CHANGE).updateContainerResources(request));
  }

  @Override
  public ExecResult exec(String containerId, List<String> command, Duration atMost) {
    var request =
        Cri.ExecSyncRequest.newBuilder()
            .setContainerId(containerId)
            .addAllCmd(command)
            .setTimeout(Math.max(1, wholeSeconds(atMost)))
            .build();
    try {
      Cri.ExecSyncResponse answer = cri.runtime(atMost.plus(EXEC_MARGIN)).execSync(request);
      return new ExecResult(
          answer.getExitCode(), false, text(answer.getStdout()), text(answer.getStderr()));
    } catch (StatusRuntimeException e) {
      if (CriErrors.isTimeout(e)) {
        return new ExecResult(-1, true, "", "");
      }
      throw CriErrors.judge(e);
    }
  }

  /**
   * Stops every sandbox of this owner and all that runs in them, as the machine's shutdown would.
   * Exit codes and logs remain, so that an agent started later goes on from them.
   *
   * @param grace what each container gets between its stop signal and its end
   */
  public void stopPods(Duration grace) {
    List<RuntimePod> pods = pods();
    forEach(
        pods.stream().flatMap(pod -> pod.containers().stream()),
        container -> {
          if (container.state() instanceof Running) {
            stopContainer(container.id(), grace);
          }
        });
    forEach(sandboxesOf(pods), sandbox -> stopSandbox(sandbox.id()));
  }

  /** Removes every sandbox of this owner with all its containers, killing what runs. */
  public void removePods() {
    forEach(sandboxesOf(pods()), sandbox -> removeSandbox(sandbox.id()));
  }

  private static Stream<SandboxStatus> sandboxesOf(List<RuntimePod> pods) {
    return pods.stream().flatMap(pod -> pod.sandboxes().stream());
  }

  /** All at once: each waits for processes to end, and that should not add up. */
  private static <T> void forEach(Stream<T> all, Consumer<T> action) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running =
          all.<Future<?>>map(one -> threads.submit(() -> action.accept(one))).toList();
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while pods are stopped", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodRuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public URI stream(StreamRequest wanted) {
    return URI.create(
        judged(() ->
            switch (wanted) {
              case StreamRequest.Exec exec ->
                  cri.runtime(READ).exec(StreamMessages.exec(exec)).getUrl();
              case StreamRequest.Attach attach ->
                  cri.runtime(READ).attach(StreamMessages.attach(attach)).getUrl();
              case StreamRequest.PortForward forward ->
                  cri.runtime(READ).portForward(StreamMessages.portForward(forward)).getUrl();
            }));
  }

  @Override
  public void reopenLog(String containerId) {
    var request = Cri.ReopenContainerLogRequest.newBuilder().setContainerId(containerId).build();
    var _ = judged(() -> cri.runtime(CHANGE).reopenContainerLog(request));
  }

  @Override
  public List<RuntimePod> pods() {
    return inventory.pods();
  }

  @Override
  public Optional<RuntimePod> pod(String podUid) {
    return inventory.pod(podUid);
  }

  @Override
  public synchronized void onChange(ChangeListener listener) {
    if (watch != null) {
      throw new IllegalStateException("there is a listener already");
    }
    watch = new ChangeWatch(inventory, cri, ownership, listener);
    watch.start(WATCH_PACE);
  }

  @Override
  public List<PodStats> stats() {
    var request = Cri.ListContainerStatsRequest.newBuilder().setFilter(ownership.stats()).build();
    Map<PodIdentity, List<Cri.ContainerStats>> byPod =
        judged(() -> cri.runtime(READ).listContainerStats(request)).getStatsList().stream()
            .collect(Collectors.groupingBy(it -> Ownership.pod(it.getAttributes().getLabelsMap())));
    return byPod.entrySet().stream()
        .map(entry -> StatsMessages.pod(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public Optional<Path> storageDirectory() {
    return images.directory();
  }

  @Override
  public boolean enforcesAppArmor() {
    return HostAppArmor.isEnabled();
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
    cri.close();
  }

  private static void unlessGone(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      if (!CriErrors.isNotFound(e)) {
        throw CriErrors.judge(e);
      }
    }
  }

  /** CRI counts in seconds, and zero seconds mean something else than a few milliseconds. */
  private static long wholeSeconds(Duration duration) {
    return duration.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private static String text(ByteString bytes) {
    return bytes.substring(0, Math.min(bytes.size(), MAX_OUTPUT_BYTES)).toStringUtf8();
  }
}
