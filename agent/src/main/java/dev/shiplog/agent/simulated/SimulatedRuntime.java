package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.ImageInfo;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * A runtime whose containers are entries in a table. They start at once, run for ever and end when
 * told to, unless their pod's annotations or a stage say otherwise ({@link Behaviour}). Every image
 * exists. Safe for use by many threads.
 */
public final class SimulatedRuntime implements PodRuntime {

  static final String NAME = "simulated";

  private static final int KILLED = 137;
  private static final int SIGKILL = 9;
  private static final int DICE_DIGITS = 16;

  private final Timers timers;
  private final RandomGenerator random;
  private final Simulation simulation;
  private final SimulatedImages images = new SimulatedImages();
  private final SimulatedPods pods;
  private volatile ChangeListener listener = podUid -> {};

  /**
   * An empty runtime.
   *
   * @param random for ids; this alone uses it
   * @param podSubnet where its pods' addresses come from
   * @param simulation how containers behave whose pods do not say it
   */
  public SimulatedRuntime(
      Timers timers, RandomGenerator random, String podSubnet, Simulation simulation) {
    this.timers = timers;
    this.random = random;
    this.simulation = simulation;
    this.pods = new SimulatedPods(new AddressPool(podSubnet));
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
  public Optional<ImageInfo> image(String reference) {
    return images.find(reference);
  }

  @Override
  public ImageInfo pullImage(
      String reference, List<RegistryCredentials> credentials, Duration atMost) {
    return images.pull(reference);
  }

  @Override
  public List<ImageInfo> images() {
    return images.all();
  }

  @Override
  public void removeImage(String imageId) {
    images.remove(imageId);
  }

  // --- sandboxes

  @Override
  public SandboxStatus startSandbox(SandboxSpec spec) {
    boolean onHost = spec.namespaces().hostNetwork();
    SandboxStatus sandbox =
        new SandboxStatus(
            newId(),
            spec.pod(),
            spec.attempt(),
            true,
            timers.instant(),
            onHost ? List.of() : List.of(pods.takeAddress()),
            onHost,
            spec.labels(),
            spec.annotations());
    pods.add(sandbox);
    return sandbox;
  }

  @Override
  public void stopSandbox(String sandboxId) {
    for (ContainerStatus container : pods.containersIn(sandboxId)) {
      end(container.id(), KILLED, SIGKILL);
    }
    pods.stopSandbox(sandboxId);
  }

  @Override
  public void removeSandbox(String sandboxId) {
    stopSandbox(sandboxId);
    pods.removeSandbox(sandboxId);
  }

  // --- containers

  @Override
  public String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
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
    pods.add(container);
    return container.id();
  }

  @Override
  public void startContainer(String containerId) {
    Behaviour behaviour = behaviour(containerId);
    pause(behaviour.startDelay());
    behaviour
        .startFailure()
        .ifPresent(why -> {
          throw new RuntimeRefusedException("", why, null);
        });
    Instant now = timers.instant();
    SimulatedLog.write(require(containerId).logPath(), behaviour.logLines(), now);
    pods.runs(containerId, now).ifPresent(this::changed);
    behaviour.runTime().ifPresent(time -> timers.after(time, () -> endByItself(containerId)));
  }

  private void endByItself(String containerId) {
    pods.container(containerId)
        .map(container -> behaviour(container.id()))
        .ifPresent(behaviour ->
            end(
                containerId,
                behaviour.exitCode(),
                0,
                behaviour.exitReason().orElseGet(() -> reason(behaviour.exitCode()))));
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
    end(containerId, exitCode, signal, reason(exitCode));
  }

  private void end(String containerId, int exitCode, int signal, String reason) {
    Instant now = timers.instant();
    pods.ends(containerId, started -> new Exited(exitCode, signal, reason, "", started, now))
        .ifPresent(this::changed);
  }

  private static String reason(int exitCode) {
    return exitCode == 0 ? "Completed" : "Error";
  }

  private void changed(ContainerStatus container) {
    listener.changed(container.pod().uid());
  }

  @Override
  public void removeContainer(String containerId) {
    end(containerId, KILLED, SIGKILL);
    pods.removeContainer(containerId);
  }

  @Override
  public void updateResources(String containerId, ContainerResources resources) {
    ContainerStatus _ = require(containerId);
  }

  @Override
  public ExecResult exec(String containerId, List<String> command, Duration atMost) {
    if (!isRunning(containerId)) {
      throw SimulatedPods.gone("running container", containerId);
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
    ContainerStatus _ = require(containerId);
  }

  // --- what there is

  @Override
  public List<RuntimePod> pods() {
    return pods.all();
  }

  @Override
  public Optional<RuntimePod> pod(String podUid) {
    return pods.pod(podUid);
  }

  @Override
  public void onChange(ChangeListener changeListener) {
    listener = changeListener;
  }

  @Override
  public void close() {}

  // --- inside

  private ContainerStatus require(String id) {
    return pods.container(id).orElseThrow(() -> SimulatedPods.gone("container", id));
  }

  /** How a container behaves, always the same for one. */
  Behaviour behaviour(String containerId) {
    ContainerStatus container = require(containerId);
    SandboxStatus sandbox =
        pods.sandbox(container.sandboxId())
            .orElseThrow(() -> SimulatedPods.gone("sandbox", container.sandboxId()));
    long dice = HexFormat.fromHexDigitsToLong(containerId, 0, DICE_DIGITS);
    try {
      return simulation.behaviour(sandbox, container.name(), dice);
    } catch (IllegalArgumentException e) {
      throw new RuntimeRefusedException("", e.getMessage(), e);
    }
  }

  private boolean isRunning(String containerId) {
    return pods.container(containerId)
        .filter(container -> container.state() instanceof Running)
        .isPresent();
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
    synchronized (random) {
      return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
  }
}
