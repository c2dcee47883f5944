package dev.shiplog.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.image.BusyboxImage;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the machine has before pods come, and after they are gone, on a real containerd. */
final class NothingIsLeftIT {

  private static final int POD_COUNT = 4;

  /** Within this time pods of one batch have started, on an idle machine. */
  private static final int MOST_MILLIS = 1500;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** By then nobody waits for a plugin any more. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(6);

  /** Seconds that no other program of the machine sleeps. */
  private static final String HANGS_FOR = "100000.25";

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

  @Test
  void podsThatWereStartedByAnAgentThatDiedLeaveNothingBehind() throws Exception {
    Held before = held();
    MortalAgent first = agent();
    first.pods.snapshot(List.of());
    List<Pod> pods = IntStream.range(0, 4).mapToObj(NothingIsLeftIT::pod).toList();
    pods.forEach(cluster::put);
    await().atMost(MINUTE).until(() -> pods.stream().allMatch(this::runs));
    first.die();

    cluster.removePod(TestNode.NAMESPACE, "p0");
    MortalAgent second = agent();
    second.pods.snapshot(pods.subList(1, 4));
    await().atMost(MINUTE).until(() -> containerd.runtime.pods().size() == 3);
    assertThat(held()).isNotEqualTo(before);
    assertThat(Held.cgroupsNow()).isNotEmpty();
    pods.subList(1, 4).forEach(pod -> delete(pod.getMetadata().getName()));

    await().atMost(MINUTE).untilAsserted(() -> assertThat(held()).isEqualTo(before));
    second.die();
    faults.assertNone();
  }

  /** {@code -Dfaults.kills=N} kills more often, and {@code -Dfaults.seed} throws the same dice. */
  @Test
  void whoeverIsKilledWhilePodsStartAndEndEachRunsOnceAndNothingIsLeft() throws Exception {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    int kills = Integer.getInteger("faults.kills", 4);
    Random dice = new Random(seed);
    Held before = held();
    MortalAgent agent = agent();
    agent.pods.snapshot(List.of());
    for (int kill = 0; kill < kills; kill++) {
      assigned().forEach(pod -> delete(pod.getMetadata().getName()));
      List<Pod> now =
          IntStream.range(POD_COUNT * kill, POD_COUNT * (kill + 1))
              .mapToObj(NothingIsLeftIT::pod)
              .toList();
      now.forEach(cluster::put);
      await().pollDelay(Duration.ofMillis(dice.nextInt(MOST_MILLIS))).until(() -> true);

      // Each alone, and at last both at once.
      if (kill % 3 != 1) {
        agent.die();
      }
      if (kill % 3 != 0) {
        killContainerd();
      }
      if (kill % 3 != 1) {
        agent = agent();
        agent.pods.snapshot(assigned());
      }

      await("each pod runs once after kill " + kill + " with -Dfaults.seed=" + seed)
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptionsInstanceOf(PodRuntimeException.class)
          .untilAsserted(() -> assertEachRunsOnce(now));
    }
    assigned().forEach(pod -> delete(pod.getMetadata().getName()));

    await("what is left with -Dfaults.seed=" + seed)
        .atMost(MINUTE)
        .ignoreExceptionsInstanceOf(PodRuntimeException.class)
        .untilAsserted(() -> assertThat(held()).isEqualTo(before));
    agent.die();
    faults.assertNone();
  }

  @Test
  void aNetworkPluginThatFailsIsTriedAgainAndLeavesNothing() throws Exception {
    Held before = held();
    MortalAgent agent = agentWithoutPods();
    List<Pod> pods = IntStream.range(0, POD_COUNT).mapToObj(NothingIsLeftIT::pod).toList();

    script(
        "broken",
        "echo '{\"cniVersion\": \"0.4.0\", \"code\": 7, \"msg\": \"no cable\"}'",
        "exit 1");

    setNetworkPlugin("portmap", "broken");
    pods.forEach(cluster::put);
    await().atMost(MINUTE).until(() -> told("FailedCreatePodSandBox").contains("no cable"));
    setNetworkPlugin("broken", "portmap");
    await().atMost(MINUTE).untilAsserted(() -> assertEachRunsOnce(pods));

    setNetworkPlugin("portmap", "broken");
    pods.forEach(pod -> delete(pod.getMetadata().getName()));
    await().atMost(MINUTE).until(() -> pods.stream().noneMatch(this::hasProcess));
    setNetworkPlugin("broken", "portmap");

    await().atMost(MINUTE).untilAsserted(() -> assertThat(held()).isEqualTo(before));
    assertThat(assigned()).isEmpty();
    agent.die();
    faults.assertNone();
  }

  @Test
  void aNetworkPluginThatHangsIsEndedWithThePodAndLeavesNothing() throws Exception {
    Held before = held();
    MortalAgent agent = agentWithoutPods();
    List<Pod> pods = IntStream.range(0, POD_COUNT).mapToObj(NothingIsLeftIT::pod).toList();

    startWithHangingPlugin(pods);
    pods.forEach(pod -> delete(pod.getMetadata().getName()));

    await().atMost(MINUTE).untilAsserted(() -> assertThat(held()).isEqualTo(before));
    assertThat(assigned()).isEmpty();
    assertThat(hanging()).isZero();
    agent.die();
    faults.assertNone();
  }

  /** A plugin is given up after minutes, as the kubelet gives its runtime up. */
  @Test
  @EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9][0-9]*")
  void aNetworkPluginThatHangsIsGivenUpAndTriedAgain() throws Exception {
    Held before = held();
    MortalAgent agent = agentWithoutPods();
    List<Pod> pods = IntStream.range(0, POD_COUNT).mapToObj(NothingIsLeftIT::pod).toList();

    startWithHangingPlugin(pods);
    await().atMost(GIVEN_UP).untilAsserted(() -> assertEachRunsOnce(pods));
    assertThat(told("FailedCreatePodSandBox")).isNotEmpty();

    setNetworkPlugin("portmap", "hangs");
    pods.forEach(pod -> delete(pod.getMetadata().getName()));
    await().atMost(MINUTE).until(() -> hanging() > 0);
    setNetworkPlugin("hangs", "portmap");

    await().atMost(GIVEN_UP).untilAsserted(() -> assertThat(held()).isEqualTo(before));
    assertThat(hanging()).isZero();
    agent.die();
    faults.assertNone();
  }

  private MortalAgent agentWithoutPods() {
    MortalAgent agent = agent();
    agent.pods.snapshot(List.of());
    return agent;
  }

  /**
   * The plugin is a good one again when this returns, but each pod waits for the one that hangs.
   */
  private void startWithHangingPlugin(List<Pod> pods) throws IOException {
    script("hangs", "exec sleep " + HANGS_FOR);
    setNetworkPlugin("portmap", "hangs");
    pods.forEach(cluster::put);
    await().atMost(MINUTE).until(() -> hanging() >= POD_COUNT);
    setNetworkPlugin("hangs", "portmap");
  }

  /** What events of this reason say. */
  private String told(String reason) {
    return cluster.events().stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getMessage)
        .collect(Collectors.joining("\n"));
  }

  /** A network plugin of this name, as lines of shell. */
  private void script(String name, String... lines) throws IOException {
    Path file = RealContainerd.networkPlugins(directory).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static long hanging() {
    return ProcessHandle.allProcesses()
        .filter(each -> each.info().commandLine().orElse("").endsWith("sleep " + HANGS_FOR))
        .count();
  }

  private boolean hasProcess(Pod pod) {
    return containerd.runtime.pod(pod.getMetadata().getUid()).stream()
        .flatMap(held -> held.containers().stream())
        .anyMatch(container -> container.state() instanceof Running);
  }

  /** Containerd notices by itself that its network is another one. */
  private void setNetworkPlugin(String from, String to) throws IOException {
    Path file = directory.resolve("containerd").resolve("cni").resolve("10-shiplog.conflist");
    String before = Files.readString(file);
    Files.writeString(
        file, before.replace("\"type\": \"" + from + "\"", "\"type\": \"" + to + "\""));
    assertThat(Files.readString(file)).isNotEqualTo(before);
  }

  private void assertEachRunsOnce(List<Pod> expected) {
    assertThat(expected).allMatch(this::runs);
    assertThat(assigned()).hasSameSizeAs(expected);
    List<RuntimePod> held = containerd.runtime.pods();
    assertThat(held)
        .extracting(pod -> pod.pod().uid())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(pod -> pod.getMetadata().getUid()).toList());
    assertThat(held)
        .allSatisfy(pod -> {
          assertThat(pod.sandboxes()).filteredOn(SandboxStatus::ready).hasSize(1);
          assertThat(pod.containers())
              .filteredOn(container -> container.state() instanceof Running)
              .hasSize(1)
              .allMatch(container -> container.attempt() == restarts(pod));
          // A run that was being started when containerd was killed may have been one.
          assertThat(restarts(pod)).isLessThanOrEqualTo(1);
        });
  }

  private int restarts(RuntimePod pod) {
    return cluster
        .pod(TestNode.NAMESPACE, pod.pod().name())
        .orElseThrow()
        .getStatus()
        .getContainerStatuses()
        .getFirst()
        .getRestartCount();
  }

  private void killContainerd() throws IOException {
    Path pid = directory.resolve("containerd").resolve("containerd.pid");
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** As the product, it begins once containerd is there. */
  private MortalAgent agent() {
    await().atMost(MINUTE).until(() -> containerd.runtime.health().ready());
    return new MortalAgent(directory, cluster, timers, faults);
  }

  private Held held() throws IOException {
    return Held.of(containerd, directory, directory.resolve("data").resolve("pods"));
  }

  /** Of the pods that were ever made, those that are there. */
  private List<Pod> assigned() {
    return IntStream.iterate(0, number -> number + 1)
        .limit(POD_COUNT * (1L + Integer.getInteger("faults.kills", 4)))
        .mapToObj(number -> cluster.pod(TestNode.NAMESPACE, "p" + number))
        .flatMap(Optional::stream)
        .toList();
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
        .withHostPort(31_000 + number)
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
}
