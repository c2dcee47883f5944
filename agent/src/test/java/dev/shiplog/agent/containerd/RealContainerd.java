package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.agent.containerd.host.ContainerdHost;
import dev.shiplog.agent.containerd.host.ContainerdInstall;
import dev.shiplog.agent.containerd.host.PodNetwork;
import dev.shiplog.agent.containerd.host.Programs;
import dev.shiplog.agent.containerd.image.BusyboxImage;
import dev.shiplog.agent.containerd.image.DockerArchive;
import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.Poll;
import dev.shiplog.agent.host.ProgramPath;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import dev.shiplog.agent.runtime.SandboxSpec.PortMapping;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A containerd of the tests' own, for tests that need the real one, and short ways to run pods. */
public final class RealContainerd implements AutoCloseable {

  /** Addresses that nothing else on a developer's machine is likely to have. */
  public static final PodNetwork NETWORK = new PodNetwork("10.199.7.0/24", "10.199.0.0/16");

  private static final AtomicInteger PODS = new AtomicInteger();
  private static final Duration COMMAND = Duration.ofSeconds(10);
  private static final Duration BACK = Duration.ofMinutes(1);

  public final ContainerdHost host;
  public final ContainerdRuntime runtime;
  private final Path directory;

  private RealContainerd(ContainerdHost host, Path directory) {
    this.host = host;
    this.directory = directory;
    runtime = host.runtime();
  }

  /** Skips the test where containers cannot be run. */
  public static void assumePossible() {
    assumeTrue(ContainerdInstall.isRoot(), "skipped: containers need root");
    List<String> missing = Programs.missing(Programs.Places.ofThisHost());
    assumeTrue(missing.isEmpty(), "skipped: containers need " + missing);
    assumeTrue(busybox().isPresent(), "skipped: needs Debian's package busybox-static");
  }

  private static Optional<Path> busybox() {
    return ProgramPath.ofThisHost().find("busybox");
  }

  /** Brings it up, or up again, with the image of BusyBox on it. */
  public static RealContainerd up(Path directory) throws IOException {
    ContainerdHost host =
        ContainerdHost.up(
            new ContainerdHost.Options(directory.resolve("containerd"), "node", NETWORK, false),
            new ContainerdInstall(
                new Programs.Places(ProgramPath.ofThisHost(), List.of(networkPlugins(directory))),
                true,
                line -> {}));
    if (host.runtime().image(BusyboxImage.REFERENCE).isEmpty()) {
      Path tar = directory.resolve("busybox.tar");
      DockerArchive.write(BusyboxImage.of(BusyboxImage.REFERENCE, busybox().orElseThrow()), tar);
      assertThat(host.images().importArchive(tar)).containsExactly(BusyboxImage.REFERENCE);
    }
    return new RealContainerd(host, directory);
  }

  /** Where its network plugins are: links to those of the machine, and what a test puts there. */
  public static Path networkPlugins(Path directory) throws IOException {
    Path own = directory.resolve("plugins");
    if (Files.notExists(own)) {
      Files.createDirectories(own);
      Path ofMachine = Programs.find(Programs.Places.ofThisHost()).orElseThrow().cniDirectory();
      try (Stream<Path> plugins = Files.list(ofMachine)) {
        for (Path plugin : plugins.toList()) {
          Files.createSymbolicLink(own.resolve(plugin.getFileName()), plugin);
        }
      }
    }
    return own;
  }

  /** A sandbox that runs. */
  public record Pod(SandboxSpec spec, SandboxStatus status) {

    public String ip() {
      return status.ips().getFirst();
    }
  }

  public Pod startPod() throws IOException {
    return startPod(Namespaces.OWN);
  }

  public Pod startPod(Namespaces namespaces) throws IOException {
    return startPod(namespaces, List.of());
  }

  public Pod startPod(Namespaces namespaces, List<PortMapping> ports) throws IOException {
    String name = "pod-" + ProcessHandle.current().pid() + "-" + PODS.incrementAndGet();
    Path logs = Files.createDirectories(directory.resolve("logs").resolve(name));
    var pod = new PodIdentity("uid-" + name, "default", name);
    SandboxSpec spec = Specs.sandbox(pod, logs, namespaces, ports);
    return new Pod(spec, runtime.startSandbox(spec));
  }

  /** Runs a line of shell in a pod and returns the container's id. */
  public String run(Pod pod, String script) throws IOException {
    return run(pod, ContainerResources.NONE, script);
  }

  public String run(Pod pod, ContainerResources resources, String script) throws IOException {
    String name = "c" + runtime.pod(uid(pod)).orElseThrow().containers().size();
    return run(pod, Specs.container(name, busyboxId(), resources, List.of(), "sh", "-c", script));
  }

  public String run(Pod pod, ContainerSpec spec) throws IOException {
    Files.createDirectories(pod.spec().logDirectory().resolve(spec.name()));
    String id = runtime.createContainer(pod.status().id(), pod.spec(), spec);
    runtime.startContainer(id);
    return id;
  }

  public String busyboxId() {
    return runtime.image(BusyboxImage.REFERENCE).orElseThrow().id();
  }

  public ContainerStatus status(Pod pod, String containerId) {
    return runtime.pod(uid(pod)).orElseThrow().containers().stream()
        .filter(container -> container.id().equals(containerId))
        .findFirst()
        .orElseThrow();
  }

  public String log(Pod pod, String containerId) throws IOException {
    return Files.readString(status(pod, containerId).logPath());
  }

  private static String uid(Pod pod) {
    return pod.spec().pod().uid();
  }

  /** What a program of this machine prints. */
  public static String output(String... command) {
    return HostCommand.run(COMMAND, List.of(command)).output();
  }

  @Override
  public void close() {
    // A test may have killed containerd, and waits no longer for what was to come of it.
    Poll.until(BACK, () -> runtime.health().ready());
    try {
      host.removePods();
    } finally {
      host.shutDown(Duration.ZERO);
    }
  }
}
