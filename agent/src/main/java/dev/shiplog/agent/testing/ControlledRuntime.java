package dev.shiplog.agent.testing;

import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeHealth;
import dev.shiplog.agent.runtime.RuntimeInfo;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxStatus;
import dev.shiplog.agent.runtime.StreamRequest;
import dev.shiplog.agent.simulated.SimulatedRuntime;
import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.agent.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/**
 * A runtime that keeps the contract, writes down what it is told, and does what a test says: its
 * containers end when the test ends them, and its calls fail or wait when the test wants that.
 * Operations are named by their methods. Safe for use by many threads.
 */
public final class ControlledRuntime implements PodRuntime {

  private final SimulatedRuntime runtime;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<ContainerSpec> created = new CopyOnWriteArrayList<>();
  private final Map<String, PodRuntimeException> failing = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private volatile BiFunction<String, List<String>, ExecResult> commands =
      (container, command) -> new ExecResult(0, false, "", "");
  private volatile RuntimeHealth health = RuntimeHealth.READY;

  private volatile List<PodStats> stats = List.of();
  private volatile boolean appArmor = true;

  public ControlledRuntime(Timers timers) {
    runtime = new SimulatedRuntime(timers, new Random(1), "10.1.0.0/24", Simulation.PLAIN);
  }

  // --- what a test does

  /** What was done, in order: the operation and what it was about. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** The calls of one operation. */
  public List<String> calls(String operation) {
    return calls.stream().filter(call -> call.startsWith(operation + " ")).toList();
  }

  /** The containers made, in order. */
  public List<ContainerSpec> created() {
    return List.copyOf(created);
  }

  /** From now on the operation fails. */
  public void fail(String operation, PodRuntimeException failure) {
    failing.put(operation, failure);
  }

  /** From now on there is no AppArmor. */
  public void loseAppArmor() {
    appArmor = false;
  }

  @Override
  public boolean enforcesAppArmor() {
    return appArmor;
  }

  public void allow(String operation) {
    failing.remove(operation);
  }

  /** From now on calls of the operation wait for {@link #release}. */
  public void hold(String operation) {
    held.put(operation, new CountDownLatch(1));
  }

  public void release(String operation) {
    CountDownLatch latch = held.remove(operation);
    if (latch != null) {
      latch.countDown();
    }
  }

  /** How commands in containers end, by the container's name and the command. */
  public void onExec(BiFunction<String, List<String>, ExecResult> behaviour) {
    commands = behaviour;
  }

  public void setHealth(RuntimeHealth now) {
    health = now;
  }

  /** The process of a container's last run ends. */
  public void exit(String podUid, String container, int exitCode) {
    runtime.end(newest(podUid, container).id(), exitCode, 0);
  }

  /** A pod's sandbox is lost with everything in it, as after a reboot. */
  public void loseSandbox(String podUid) {
    pod(podUid).orElseThrow().sandboxes().forEach(each -> runtime.stopSandbox(each.id()));
  }

  /** The last run of a container. */
  public ContainerStatus newest(String podUid, String container) {
    return pod(podUid).orElseThrow().containers().stream()
        .filter(each -> each.name().equals(container))
        .findFirst()
        .orElseThrow();
  }

  // --- the contract

  @Override
  public RuntimeInfo info() {
    return new RuntimeInfo("controlled", "1");
  }

  @Override
  public RuntimeHealth health() {
    return health;
  }

  @Override
  public Optional<ImageInfo> image(String reference) {
    call("image", reference);
    return runtime.image(reference);
  }

  @Override
  public ImageInfo pullImage(
      String reference, List<RegistryCredentials> credentials, Duration atMost) {
    call("pullImage", reference);
    return runtime.pullImage(reference, credentials, atMost);
  }

  @Override
  public List<ImageInfo> images() {
    return runtime.images();
  }

  @Override
  public void removeImage(String imageId) {
    runtime.removeImage(imageId);
  }

  @Override
  public SandboxStatus startSandbox(SandboxSpec spec) {
    call("startSandbox", spec.pod().name() + " " + spec.attempt());
    return runtime.startSandbox(spec);
  }

  @Override
  public void stopSandbox(String sandboxId) {
    call("stopSandbox", sandboxId);
    runtime.stopSandbox(sandboxId);
  }

  @Override
  public void removeSandbox(String sandboxId) {
    call("removeSandbox", sandboxId);
    runtime.removeSandbox(sandboxId);
  }

  @Override
  public String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
    call("createContainer", spec.name() + " " + spec.attempt());
    created.add(spec);
    return runtime.createContainer(sandboxId, sandbox, spec);
  }

  @Override
  public void startContainer(String containerId) {
    call("startContainer", name(containerId));
    runtime.startContainer(containerId);
  }

  @Override
  public void stopContainer(String containerId, Duration grace) {
    call("stopContainer", name(containerId) + " " + grace.toSeconds() + "s");
    runtime.stopContainer(containerId, grace);
  }

  @Override
  public void removeContainer(String containerId) {
    call("removeContainer", name(containerId));
    runtime.removeContainer(containerId);
  }

  @Override
  public void updateResources(String containerId, ContainerResources resources) {
    runtime.updateResources(containerId, resources);
  }

  @Override
  public ExecResult exec(String containerId, List<String> command, Duration atMost) {
    call("exec", name(containerId) + " " + String.join(" ", command));
    runtime.exec(containerId, command, atMost);
    return commands.apply(name(containerId), command);
  }

  @Override
  public URI stream(StreamRequest request) {
    call("stream", request.toString());
    return runtime.stream(request);
  }

  @Override
  public void reopenLog(String containerId) {
    call("reopenLog", name(containerId));
  }

  @Override
  public List<RuntimePod> pods() {
    failIfTold("pods");
    return runtime.pods();
  }

  @Override
  public Optional<RuntimePod> pod(String podUid) {
    failIfTold("pod");
    return runtime.pod(podUid);
  }

  @Override
  public void onChange(ChangeListener changeListener) {
    runtime.onChange(changeListener);
  }

  /** What the pods use from now on. */
  public void use(List<PodStats> used) {
    stats = List.copyOf(used);
  }

  @Override
  public List<PodStats> stats() {
    call("stats", "");
    return stats;
  }

  @Override
  public void close() {}

  private void call(String operation, String about) {
    calls.add(operation + " " + about);
    CountDownLatch latch = held.get(operation);
    if (latch != null) {
      await(latch);
    }
    failIfTold(operation);
  }

  private void failIfTold(String operation) {
    PodRuntimeException failure = failing.get(operation);
    if (failure != null) {
      throw failure;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted", e);
    }
  }

  private String name(String containerId) {
    return runtime.pods().stream()
        .flatMap(pod -> pod.containers().stream())
        .filter(container -> container.id().equals(containerId))
        .map(ContainerStatus::name)
        .findFirst()
        .orElse("?");
  }
}
