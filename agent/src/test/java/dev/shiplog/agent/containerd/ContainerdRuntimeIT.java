package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.containerd.RealContainerd.Pod;
import dev.shiplog.agent.containerd.image.BusyboxImage;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.Mount;
import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime on a real containerd. */
final class ContainerdRuntimeIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir static Path directory;
  private static RealContainerd containerd;
  private static ContainerdRuntime runtime;

  @BeforeAll
  static void up() throws Exception {
    RealContainerd.assumePossible();
    containerd = RealContainerd.up(directory);
    runtime = containerd.runtime;
  }

  @AfterAll
  static void down() {
    if (containerd != null) {
      containerd.close();
    }
  }

  private static Exited exitOf(Pod pod, String id) {
    await().until(() -> containerd.status(pod, id).state() instanceof Exited);
    return (Exited) containerd.status(pod, id).state();
  }

  @Test
  void itIsReadyAndNamed() {
    assertThat(runtime.health().ready()).isTrue();
    assertThat(runtime.info().nodeInfoText()).startsWith("containerd://");
  }

  @Test
  void outputIsInTheLogInTheOrderItWasWritten() throws Exception {
    Pod pod = containerd.startPod();

    String id = containerd.run(pod, "echo first; echo second");
    exitOf(pod, id);

    assertThat(containerd.log(pod, id).lines().map(line -> line.split(" ", 2)[1]))
        .containsExactly("stdout F first", "stdout F second");
  }

  @Test
  void errorsAreMarkedInTheLog() throws Exception {
    Pod pod = containerd.startPod();

    String id = containerd.run(pod, "echo oops >&2");
    exitOf(pod, id);

    assertThat(containerd.log(pod, id)).contains(" stderr F oops");
  }

  @Test
  void aReopenedLogIsANewFile() throws Exception {
    Pod pod = containerd.startPod();
    String id =
        containerd.run(pod, "echo old; while [ ! -e /go ]; do usleep 10000; done; echo new");
    Path log = containerd.status(pod, id).logPath();
    await().until(() -> Files.size(log) > 0);

    Files.move(log, log.resolveSibling("moved"));
    runtime.reopenLog(id);
    runtime.exec(id, List.of("touch", "/go"), MINUTE);
    exitOf(pod, id);

    assertThat(Files.readString(log)).contains("new").doesNotContain("old");
  }

  @Test
  void aCommandThatSucceedsIsCompleted() throws Exception {
    Pod pod = containerd.startPod();

    // containerd notes the start after the fact: what ends at once ends before it, by its clock.
    Exited exit = exitOf(pod, containerd.run(pod, "sleep 1"));

    assertThat(exit.exitCode()).isZero();
    assertThat(exit.reason()).isEqualTo("Completed");
    assertThat(exit.startedAt()).isBeforeOrEqualTo(exit.finishedAt());
  }

  @Test
  void aCommandThatFailsKeepsItsExitCode() throws Exception {
    Pod pod = containerd.startPod();

    Exited exit = exitOf(pod, containerd.run(pod, "exit 3"));

    assertThat(exit.exitCode()).isEqualTo(3);
    assertThat(exit.reason()).isEqualTo("Error");
  }

  @Test
  void aContainerOverItsMemoryLimitIsKilledForIt() throws Exception {
    Pod pod = containerd.startPod();
    var limits =
        new ContainerResources(
            0, OptionalLong.empty(), 0, OptionalLong.of(16 << 20), OptionalInt.empty());

    Exited exit = exitOf(pod, containerd.run(pod, limits, "exec tail /dev/zero"));

    assertThat(exit.exitCode()).isEqualTo(137);
    assertThat(exit.reason()).isEqualTo("OOMKilled");
  }

  @Test
  void aCommandThatDoesNotExistIsRefusedAtTheStart() throws Exception {
    Pod pod = containerd.startPod();
    Files.createDirectories(pod.spec().logDirectory().resolve("main"));
    String id =
        runtime.createContainer(
            pod.status().id(),
            pod.spec(),
            Specs.container("main", containerd.busyboxId(), "/no/such/command"));

    assertThatThrownBy(() -> runtime.startContainer(id))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessageContaining("/no/such/command");

    Exited exit = (Exited) containerd.status(pod, id).state();
    assertThat(exit.exitCode()).isEqualTo(128);
    assertThat(exit.reason()).isEqualTo("StartError");
    runtime.removeContainer(id);
  }

  @Test
  void aContainerOfAMissingImageIsRefused() throws Exception {
    Pod pod = containerd.startPod();

    assertThatThrownBy(() ->
            runtime.createContainer(
                pod.status().id(), pod.spec(), Specs.container("main", "sha256:none", "x")))
        .isInstanceOf(RuntimeRefusedException.class);
  }

  @Test
  void anImageIsKnownByAllItsNames() {
    assertThat(runtime.image("busybox:stable"))
        .isPresent()
        .isEqualTo(runtime.image(BusyboxImage.REFERENCE));
    assertThat(runtime.image("busybox:other")).isEmpty();
  }

  @Test
  void anImageThatNoRegistryHasIsAFailedPull() {
    assertThatThrownBy(() -> runtime.pullImage("127.0.0.1:1/none:1", List.of(), MINUTE))
        .isInstanceOfSatisfying(
            RuntimeRefusedException.class, e -> assertThat(e.reason()).isEqualTo("ErrImagePull"))
        .hasMessageContaining("127.0.0.1:1/none:1");
  }

  @Test
  void execGivesExitCodeAndOutput() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "exec sleep 1000");

    assertThat(runtime.exec(id, List.of("sh", "-c", "echo out; echo err >&2; exit 4"), MINUTE))
        .isEqualTo(new ExecResult(4, false, "out\n", "err\n"));
  }

  @Test
  void anExecThatTakesTooLongIsEnded() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "exec sleep 1000");

    assertThat(runtime.exec(id, List.of("sleep", "500"), Duration.ofMillis(100)).timedOut())
        .isTrue();

    await().until(() -> !runtime.exec(id, List.of("ps"), MINUTE).stdout().contains("sleep 500"));
  }

  @Test
  void execInAnEndedContainerFindsNone() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "true");
    exitOf(pod, id);

    assertThatThrownBy(() -> runtime.exec(id, List.of("true"), MINUTE))
        .isInstanceOf(NoSuchContainerException.class);
    assertThatThrownBy(() -> runtime.exec("none", List.of("true"), MINUTE))
        .isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void aCommandThatCannotBeExecutedIsRefused() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "exec sleep 1000");

    assertThatThrownBy(() -> runtime.exec(id, List.of("/no/such"), MINUTE))
        .isInstanceOf(RuntimeRefusedException.class);
  }

  @Test
  void aContainerMayEndByItselfWithinItsGrace() throws Exception {
    Pod pod = containerd.startPod();
    String id =
        containerd.run(
            pod, "trap 'echo bye; exit 7' TERM; echo up; while :; do usleep 10000; done");
    await().until(() -> containerd.log(pod, id).contains("up"));

    runtime.stopContainer(id, MINUTE);

    assertThat(exitOf(pod, id).exitCode()).isEqualTo(7);
    assertThat(containerd.log(pod, id)).contains("bye");
  }

  @Test
  void aContainerThatDoesNotEndIsKilledAfterItsGrace() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "trap '' TERM; echo up; while :; do usleep 10000; done");
    await().until(() -> containerd.log(pod, id).contains("up"));

    runtime.stopContainer(id, Duration.ofSeconds(1));

    assertThat(exitOf(pod, id).exitCode()).isEqualTo(137);
  }

  @Test
  void aSecondStopCutsTheGraceOfTheFirstShort() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "trap 'echo no' TERM; echo up; while :; do usleep 10000; done");
    await().until(() -> containerd.log(pod, id).contains("up"));
    Thread first = Thread.startVirtualThread(() -> runtime.stopContainer(id, MINUTE));
    await().until(() -> containerd.log(pod, id).contains("no"));

    runtime.stopContainer(id, Duration.ZERO);

    assertThat(exitOf(pod, id).exitCode()).isEqualTo(137);
    first.join();
  }

  @Test
  void filesOfTheHostAreMountedAsAsked() throws Exception {
    Path shared = Files.createDirectories(directory.resolve("shared"));
    Files.writeString(shared.resolve("in"), "from the host");
    Pod pod = containerd.startPod();
    var mounts =
        List.of(
            new Mount(shared, "/rw", false, Mount.Propagation.NONE),
            new Mount(shared, "/ro", true, Mount.Propagation.NONE));
    String script = "cat /rw/in >/rw/out; echo x >/ro/never";

    String id =
        containerd.run(
            pod,
            Specs.container(
                "main",
                containerd.busyboxId(),
                ContainerResources.NONE,
                mounts,
                "sh",
                "-c",
                script));
    exitOf(pod, id);

    assertThat(shared.resolve("out")).hasContent("from the host");
    assertThat(shared.resolve("never")).doesNotExist();
  }

  @Test
  void orphansInASharedProcessNamespaceAreBuried() throws Exception {
    Pod pod = containerd.startPod(new Namespaces(false, false, false, true));
    String id = containerd.run(pod, "(sh -c 'sleep 0.1' &) ; echo left; exec sleep 1000");
    await().until(() -> containerd.log(pod, id).contains("left"));

    await()
        .until(() -> {
          String processes = runtime.exec(id, List.of("ps", "-o", "stat,args"), MINUTE).stdout();
          return processes.contains("/pause")
              && !processes.contains("sleep 0.1")
              && !processes.contains("Z ");
        });
  }

  @Test
  void theEndOfAContainerIsTold() throws Exception {
    Queue<String> changed = new ConcurrentLinkedQueue<>();
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "while [ ! -e /go ]; do usleep 10000; done");
    try (ContainerdRuntime second =
        ContainerdRuntime.on(containerd.host.images().socket(), "node")) {
      second.onChange(changed::add);
      String uid = pod.spec().pod().uid();
      await().until(() -> changed.remove(uid));

      runtime.exec(id, List.of("touch", "/go"), MINUTE);

      await().until(() -> changed.remove(uid));
    }
  }

  @Test
  void limitsOfARunningContainerCanBeChanged() throws Exception {
    Pod pod = containerd.startPod();
    String id = containerd.run(pod, "exec sleep 1000");

    runtime.updateResources(
        id,
        new ContainerResources(
            100, OptionalLong.of(200), 0, OptionalLong.of(32 << 20), OptionalInt.empty()));

    assertThat(containerd.status(pod, id).state()).isInstanceOf(Running.class);
  }

  @Test
  void usageOfAPodIsMeasured() throws Exception {
    Pod pod = containerd.startPod();
    containerd.run(pod, "exec sleep 1000");

    await()
        .untilAsserted(() ->
            assertThat(runtime.stats())
                .filteredOn(stats -> stats.pod().equals(pod.spec().pod()))
                .singleElement()
                .satisfies(stats -> {
                  assertThat(stats.at()).isAfter(Instant.EPOCH);
                  assertThat(stats.containers().getFirst().workingSetBytes()).isPositive();
                }));
  }

  @Test
  void whatIsStoppedAndRemovedTwiceIsGone() throws Exception {
    Pod pod = containerd.startPod();
    containerd.run(pod, "exec sleep 1000");

    runtime.stopSandbox(pod.status().id());
    runtime.stopSandbox(pod.status().id());
    runtime.removeSandbox(pod.status().id());
    runtime.removeSandbox(pod.status().id());

    assertThat(runtime.pod(pod.spec().pod().uid())).isEmpty();
  }

  @Test
  void imagesLieInTheDirectory() {
    assertThat(runtime.storageDirectory().orElseThrow()).startsWith(directory);
  }
}
