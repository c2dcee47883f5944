package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ContainerStatus.State;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeHealth;
import dev.shiplog.agent.runtime.RuntimeInfo;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxStatus;
import dev.shiplog.agent.runtime.StreamRequest;
import dev.shiplog.agent.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A runtime whose containers are entries in a table. They start at once, run for ever and end when
 * told to, unless their pod's annotations say otherwise ({@link Behaviour}). Every image exists.
 *
 * <p>What it holds is guarded by this; nothing waits while it holds it.
 */
public final class SimulatedRuntime implements PodRuntime {

  static final String NAME = "simulated";

  private static final int KILLED = 137;
  private static final int SIGKILL = 9;

  private final Timers timers;
  private final RandomGenerator random;
  private final AddressPool addresses;
  private final Map<String, SimulatedPod> pods = new LinkedHashMap<>();
  private final Map<String, SimulatedPod> ownerOf = new HashMap<>();
  private final Map<String, ImageInfo> images = new LinkedHashMap<>();
  private volatile ChangeListener listener = podUid -> {};

  /**
   * An empty runtime.
   *
   * @param podSubnet where its pods' addresses come from
   */
  public SimulatedRuntime(Timers timers, RandomGenerator random, String podSubnet) {
    this.timers = timers;
    this.random = random;
    this.addresses = new AddressPool(podSubnet);
  }

  @Override
  public RuntimeInfo info() {
    return new RuntimeInfo(NAME, "1");
  }

  @Override
  public RuntimeHealth health() {
    return RuntimeHealth.READY;
  }

  // --- images

  @Override
  public synchronized Optional<ImageInfo> image(String reference) {
    return Optional.ofNullable(images.get(ImageNames.full(reference)));
  }

  @Override
  public synchronized ImageInfo pullImage(
      String reference, List<RegistryCredentials> credentials, Duration atMost) {
    return images.computeIfAbsent(ImageNames.full(reference), SimulatedRuntime::imageNamed);
  }

  private static ImageInfo imageNamed(String name) {
    String id = "sha256:" + HexFormat.of().toHexDigits(name.hashCode());
    return new ImageInfo(id, List.of(name), List.of(), 0, OptionalLong.of(1), "", false);
  }

  @Override
  public synchronized List<ImageInfo> images() {
    return List.copyOf(images.values());
  }

  @Override
  public synchronized void removeImage(String imageId) {
    images.values().removeIf(image -> image.id().equals(imageId));
  }

  // --- sandboxes

  @Override
  public synchronized SandboxStatus startSandbox(SandboxSpec spec) {
    SimulatedPod pod = pods.computeIfAbsent(spec.pod().uid(), uid -> new SimulatedPod(spec.pod()));
    boolean onHost = spec.namespaces().hostNetwork();
    SandboxStatus sandbox =
        new SandboxStatus(
            newId(),
            spec.pod(),
            spec.attempt(),
            true,
            timers.instant(),
            onHost ? List.of() : List.of(addresses.take()),
            onHost,
            spec.labels(),
            spec.annotations());
    pod.add(sandbox);
    ownerOf.put(sandbox.id(), pod);
    return sandbox;
  }

  @Override
  public void stopSandbox(String sandboxId) {
    for (ContainerStatus container : containersIn(sandboxId)) {
      end(container.id(), KILLED, SIGKILL);
    }
    synchronized (this) {
      owner(sandboxId).ifPresent(pod -> pod.changeSandbox(sandboxId, this::stopped));
    }
  }

  private SandboxStatus stopped(SandboxStatus sandbox) {
    sandbox.ips().forEach(addresses::give);
    return new SandboxStatus(
        sandbox.id(),
        sandbox.pod(),
        sandbox.attempt(),
        false,
        sandbox.createdAt(),
        List.of(),
        sandbox.hostNetwork(),
        sandbox.labels(),
        sandbox.annotations());
  }

  @Override
  public void removeSandbox(String sandboxId) {
    stopSandbox(sandboxId);
    synchronized (this) {
      Optional<SimulatedPod> pod = owner(sandboxId);
      containersIn(sandboxId).forEach(container -> ownerOf.remove(container.id()));
      pod.ifPresent(each -> each.removeSandbox(sandboxId));
      ownerOf.remove(sandboxId);
      pod.ifPresent(this::forgetIfEmpty);
    }
  }

  private synchronized List<ContainerStatus> containersIn(String sandboxId) {
    return owner(sandboxId).map(pod -> pod.containersIn(sandboxId)).orElse(List.of());
  }

  // --- containers

  @Override
  public synchronized String createContainer(
      String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
    SimulatedPod pod =
        owner(sandboxId)
            .filter(each -> each.sandbox(sandboxId).map(SandboxStatus::ready).orElse(false))
            .orElseThrow(() -> gone("sandbox", sandboxId));
    boolean taken =
        pod.containersIn(sandboxId).stream()
            .anyMatch(c -> c.name().equals(spec.name()) && c.attempt() == spec.attempt());
    if (taken) {
      throw new RuntimeRefusedException(
          "", "container " + spec.name() + " exists in attempt " + spec.attempt(), null);
    }
    ContainerStatus container =
        new ContainerStatus(
            newId(),
            sandboxId,
            sandbox.pod(),
            spec.name(),
            spec.attempt(),
            new Created(),
            spec.image(),
            spec.imageId(),
            timers.instant(),
            sandbox.logDirectory().resolve(spec.logPath()),
            spec.labels(),
            spec.annotations());
    pod.add(container);
    ownerOf.put(container.id(), pod);
    return container.id();
  }

  @Override
  public void startContainer(String containerId) {
    Behaviour behaviour = behaviour(containerId);
    pause(behaviour.startDelay());
    Instant now = timers.instant();
    ContainerStatus container = requireContainer(containerId);
    SimulatedLog.write(container.logPath(), behaviour.logLines(), now);
    set(containerId, new Running(now)).ifPresent(c -> listener.changed(c.pod().uid()));
    behaviour
        .runTime()
        .ifPresent(time -> timers.after(time, () -> end(containerId, behaviour.exitCode(), 0)));
  }

  @Override
  public void stopContainer(String containerId, Duration grace) {
    if (!isRunning(containerId)) {
      return;
    }
    Duration delay = behaviour(containerId).stopDelay();
    boolean outlivesGrace = delay.compareTo(grace) > 0;
    pause(outlivesGrace ? grace : delay);
    if (outlivesGrace || grace.isZero()) {
      end(containerId, KILLED, SIGKILL);
    } else {
      end(containerId, 0, 0);
    }
  }

  /**
   * The container's process ends, by itself or by a signal; nothing happens if it is not running.
   */
  public void end(String containerId, int exitCode, int signal) {
    Optional<ContainerStatus> ended;
    synchronized (this) {
      ended =
          runningSince(containerId)
              .map(started -> exited(started, exitCode, signal))
              .flatMap(state -> set(containerId, state));
    }
    ended.ifPresent(container -> listener.changed(container.pod().uid()));
  }

  private Exited exited(Instant started, int exitCode, int signal) {
    String reason = exitCode == 0 ? "Completed" : "Error";
    return new Exited(exitCode, signal, reason, "", started, timers.instant());
  }

  @Override
  public void removeContainer(String containerId) {
    end(containerId, KILLED, SIGKILL);
    synchronized (this) {
      Optional<SimulatedPod> pod = owner(containerId);
      pod.ifPresent(each -> each.removeContainer(containerId));
      ownerOf.remove(containerId);
      pod.ifPresent(this::forgetIfEmpty);
    }
  }

  @Override
  public void updateResources(String containerId, ContainerResources resources) {
    requireContainer(containerId);
  }

  @Override
  public ExecResult exec(String containerId, List<String> command, Duration atMost) {
    if (!isRunning(containerId)) {
      throw gone("running container", containerId);
    }
    return new ExecResult(0, false, "", "");
  }

  @Override
  public URI stream(StreamRequest request) {
    throw new RuntimeRefusedException(
        "", "this pod is simulated: it has no processes and no ports to connect to", null);
  }

  @Override
  public void reopenLog(String containerId) {
    requireContainer(containerId);
  }

  // --- what there is

  @Override
  public synchronized List<RuntimePod> pods() {
    return pods.values().stream().map(SimulatedPod::snapshot).toList();
  }

  @Override
  public synchronized Optional<RuntimePod> pod(String podUid) {
    return Optional.ofNullable(pods.get(podUid)).map(SimulatedPod::snapshot);
  }

  @Override
  public void onChange(ChangeListener changeListener) {
    listener = changeListener;
  }

  /** Takes in what ran before the process was restarted. */
  synchronized void adopt(RuntimePod restored) {
    SimulatedPod pod = new SimulatedPod(restored.pod());
    for (SandboxStatus sandbox : restored.sandboxes()) {
      pod.add(sandbox);
      sandbox.ips().forEach(addresses::take);
      ownerOf.put(sandbox.id(), pod);
    }
    for (ContainerStatus container : restored.containers().reversed()) {
      pod.add(container);
      ownerOf.put(container.id(), pod);
    }
    pods.put(restored.pod().uid(), pod);
  }

  @Override
  public void close() {}

  // --- inside

  private Optional<SimulatedPod> owner(String id) {
    return Optional.ofNullable(ownerOf.get(id));
  }

  private void forgetIfEmpty(SimulatedPod pod) {
    if (pod.isEmpty()) {
      pods.remove(pod.snapshot().pod().uid());
    }
  }

  private synchronized Optional<ContainerStatus> container(String id) {
    return owner(id).flatMap(pod -> pod.container(id));
  }

  private ContainerStatus requireContainer(String id) {
    return container(id).orElseThrow(() -> gone("container", id));
  }

  private Behaviour behaviour(String containerId) {
    ContainerStatus container = requireContainer(containerId);
    Map<String, String> annotations;
    synchronized (this) {
      annotations =
          owner(containerId)
              .flatMap(pod -> pod.sandbox(container.sandboxId()))
              .map(SandboxStatus::annotations)
              .orElse(Map.of());
    }
    return Behaviour.of(annotations, container.name());
  }

  private boolean isRunning(String containerId) {
    return runningSince(containerId).isPresent();
  }

  private Optional<Instant> runningSince(String containerId) {
    return container(containerId).map(ContainerStatus::state).stream()
        .flatMap(state -> state instanceof Running(Instant at) ? Stream.of(at) : Stream.of())
        .findFirst();
  }

  private synchronized Optional<ContainerStatus> set(String containerId, State state) {
    owner(containerId).ifPresent(pod -> pod.changeContainer(containerId, c -> in(c, state)));
    return container(containerId);
  }

  private static ContainerStatus in(ContainerStatus container, State state) {
    return new ContainerStatus(
        container.id(),
        container.sandboxId(),
        container.pod(),
        container.name(),
        container.attempt(),
        state,
        container.image(),
        container.imageReference(),
        container.createdAt(),
        container.logPath(),
        container.labels(),
        container.annotations());
  }

  private void pause(Duration time) {
    if (time.isZero()) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Timers.Timer timer = timers.after(time, over::countDown);
    try {
      over.await();
    } catch (InterruptedException e) {
      timer.cancel();
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted", e);
    }
  }

  private String newId() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  private static NoSuchContainerException gone(String what, String id) {
    return new NoSuchContainerException(what + " " + id + " does not exist", null);
  }
}
