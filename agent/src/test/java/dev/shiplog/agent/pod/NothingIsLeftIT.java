package dev.shiplog.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.host.ContainerdLayout;
import dev.shiplog.agent.containerd.image.BusyboxImage;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.testing.ControlledPodNetwork;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine has before pods come, and after they are gone, on a real containerd. */
final class NothingIsLeftIT {

  private static final String SUBNET = "10.199.7.";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final SystemTimers timers = new SystemTimers();
  private RealContainerd containerd;

  @BeforeEach
  void start() throws IOException {
    RealContainerd.assumePossible();
    containerd = RealContainerd.up(directory);
  }

  @AfterEach
  void stop() {
    if (containerd != null) {
      containerd.close();
    }
    timers.close();
  }

  /** What the kernel and the runtime hold for pods. */
  private record Held(
      int pods,
      long mounts,
      long namespaces,
      long links,
      long rules,
      long directories,
      List<Path> cgroups) {}

  @Test
  void podsThatWereStartedByAnAgentThatDiedLeaveNothingBehind() throws Exception {
    Held before = held();
    Agent first = new Agent();
    first.pods.snapshot(List.of());
    List<Pod> pods = IntStream.range(0, 4).mapToObj(NothingIsLeftIT::pod).toList();
    pods.forEach(cluster::put);
    // Of a sandbox whose making is broken off, containerd 1.6 forgets what it has made so far.
    await().atMost(MINUTE).until(() -> pods.stream().allMatch(this::runs));
    first.die();

    cluster.removePod(TestNode.NAMESPACE, "p0");
    Agent second = new Agent();
    second.pods.snapshot(pods.subList(1, 4));
    await().atMost(MINUTE).until(() -> containerd.runtime.pods().size() == 3);
    assertThat(held()).isNotEqualTo(before);
    assertThat(cgroups()).isNotEmpty();
    pods.subList(1, 4).forEach(pod -> delete(pod.getMetadata().getName()));

    await().atMost(MINUTE).untilAsserted(() -> assertThat(held()).isEqualTo(before));
    second.die();
    faults.assertNone();
  }

  /** An agent that lives as long as its threads. */
  private final class Agent {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ContainerdRuntime runtime =
        ContainerdRuntime.on(
            new ContainerdLayout(directory.resolve("containerd")).socket(), "node");
    private final NodePods pods;

    Agent() {
      AgentServices services = new AgentServices(cluster, timers, threads, new Random(1), faults);
      NodeSettings settings = TestNode.settings(directory);
      ConfigSource config = new ConfigSource(cluster, timers);
      ControlledPodNetwork network = new ControlledPodNetwork();
      NodeStorage storage = new NodeStorage("east", settings.dataDirectory(), services);
      pods =
          new NodePods(
              new NodeContext(
                  settings,
                  services,
                  runtime,
                  new DirectoryPodFiles(settings, config, cluster, timers, storage),
                  config,
                  ServiceSource.NONE,
                  new RealProber(runtime, network),
                  network,
                  new EventRecorder(services, settings.name(), Duration.ZERO)));
      cluster.onPodChange(
          pods::assigned,
          pod -> pods.removed(pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
    }

    /** Without a word to anybody. */
    void die() {
      cluster.onPodChange(pod -> {}, pod -> {});
      pods.close();
      threads.shutdownNow();
      runtime.close();
    }
  }

  private static Pod pod(int number) {
    return new PodBuilder(TestPods.pod("p" + number, TestPods.container("main").build()).build())
        .editSpec()
        .withTerminationGracePeriodSeconds(1L)
        .editFirstContainer()
        .withImage(BusyboxImage.REFERENCE)
        .withCommand("sleep", "600")
        .addNewPort()
        .withContainerPort(80)
        .withHostPort(31_990 + number)
        .endPort()
        .addNewVolumeMount()
        .withName("memory")
        .withMountPath("/memory")
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("memory")
        .withNewEmptyDir()
        .withMedium("Memory")
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .build();
  }

  private boolean runs(Pod pod) {
    return cluster
        .pod(TestNode.NAMESPACE, pod.getMetadata().getName())
        .filter(now -> now.getStatus() != null && "Running".equals(now.getStatus().getPhase()))
        .isPresent();
  }

  private void delete(String name) {
    Pod pod = cluster.pod(TestNode.NAMESPACE, name).orElseThrow();
    cluster.put(
        new PodBuilder(pod)
            .editMetadata()
            .withDeletionTimestamp(timers.instant().plusSeconds(1).toString())
            .withDeletionGracePeriodSeconds(1L)
            .endMetadata()
            .build());
  }

  private Held held() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return new Held(
          containerd.runtime.pods().size(),
          mounts.filter(line -> line.contains(directory.toString())).count(),
          entries(Path.of("/run/netns"), name -> name.startsWith("cni-")),
          entries(Path.of("/sys/class/net"), name -> name.startsWith("veth")),
          RealContainerd.output("nft", "list", "ruleset")
              .lines()
              .filter(line -> line.contains(SUBNET))
              .count(),
          entries(directory.resolve("data").resolve("pods"), _ -> true),
          cgroups());
    }
  }

  /**
   * Those below the folder of pods, in each hierarchy. Only folders are cgroups: that of all pods,
   * which stays, has files of the kernel as well.
   */
  private static List<Path> cgroups() {
    Path hierarchies = Path.of("/sys/fs/cgroup");
    String parent = ContainerdRuntime.CGROUP_PARENT.substring(1);
    return Stream.concat(Stream.of(hierarchies), folders(hierarchies))
        .flatMap(hierarchy -> folders(hierarchy.resolve(parent)))
        .sorted()
        .toList();
  }

  private static Stream<Path> folders(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).toList().stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long entries(Path directory, Predicate<String> which) {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> which.test(path.getFileName().toString())).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
